using System.Globalization;
using BenchmarkDotNet.Running;

namespace Glossa.Benchmarks;

internal static class Program
{
    /// <summary>
    /// <c>events COUNT FILE</c> writes the log that scans are measured with; <c>scan RULES LOG</c> reports one scan of it, as a cold process sees it;
    /// anything else goes to BenchmarkDotNet.
    /// </summary>
    public static void Main(string[] args)
    {
        switch (args)
        {
            case ["events", var count, var file]:
                using (var target = File.Create(file))
                {
                    EventGenerator.Write(target, int.Parse(count, CultureInfo.InvariantCulture));
                }

                break;
            case ["scan", var rules, var log]:
                ScanMeasurement.Run(rules, log);
                break;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                break;
        }
    }
}
