using FsCheck;
using FsCheck.Fluent;

namespace Glossa.Tests.Differential;

/// <summary>Runs a property over generated samples with a fixed seed, so that a red run is red again.</summary>
internal static class Samples
{
    /// <param name="fault">What is wrong with a sample, in words; null where it holds.</param>
    public static void Hold<T>(Gen<T> samples, Func<T, string?> fault, int count = 1_000)
    {
        string? found = null;
        foreach (var sample in samples.Sample(50, new Rnd(20_261_124), count))
        {
            found = fault(sample);
            if (found is not null)
            {
                break;
            }
        }

        Assert.True(found is null, found);
    }
}
