using System.Collections.Concurrent;
using Glossa.Analysis;
using Glossa.Analysis.Witnesses;
using Glossa.Core.Rewrites;
using Glossa.Core.Rules;
using Glossa.Languages;

namespace Glossa.Catalog;

/// <summary>A rule as it goes into the catalog.</summary>
/// <param name="Fired">An event made from its logic fired it.</param>
internal sealed record ReadRule(DetectionRule Rule, RuleAnalysis Analysis, string? LogicHash, bool Fired, byte[] Record);

/// <param name="Text">Of the file; null where no rule of it shows it.</param>
internal sealed record ReadFile(RuleFileResult Result, IReadOnlyList<ReadRule> Rules, string? Text)
{
    /// <summary>The family of its rules, or null where nothing in it could be read.</summary>
    public string? Family => Rules.Count > 0 ? Rules[0].Rule.Metadata.Family : null;

    /// <summary>The level of the rule a query belongs to, or null where it belongs to none.</summary>
    public string? FidelityOf(int query)
        => query >= 0 && query < Rules.Count ? Words.Of(Rules[query].Rule.Fidelity.Level) : null;
}

/// <summary>Reads files on all cores and hands the results over one by one, in the order of the files, on the caller's thread.</summary>
internal static class FileReading
{
    /// <param name="withRecords">False where only figures are wanted.</param>
    public static void Run(RuleRepository repository, IReadOnlyList<RuleFile> files, bool withRecords, Action<ReadFile> take, CancellationToken cancellation)
    {
        var next = -1;
        var paths = new RulePaths(repository.Files);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var results = new BlockingCollection<(int Index, ReadFile File)>(boundedCapacity: 256);
        var workers = new Task[Math.Min(Math.Max(Environment.ProcessorCount, 1), Math.Max(files.Count, 1))];
        for (var i = 0; i < workers.Length; i++)
        {
            // Threads of their own: the work is long, and a deep tree may need a stack of known size.
            workers[i] = Task.Factory.StartNew(Work, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var closing = Task.WhenAll(workers).ContinueWith(_ => results.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            // Whatever overtook waits here, so that the same files give the same catalog.
            var early = new Dictionary<int, ReadFile>();
            var expected = 0;
            foreach (var (index, file) in results.GetConsumingEnumerable(cancellation))
            {
                early.Add(index, file);
                while (early.Remove(expected, out var ready))
                {
                    take(ready);
                    expected++;
                }
            }
        }
        finally
        {
            stop.Cancel();
            try
            {
                Task.WaitAll(workers, CancellationToken.None);
            }
            catch (AggregateException error) when (error.InnerExceptions.All(inner => inner is OperationCanceledException))
            {
                // Stopped because the caller was.
            }

            closing.Wait(CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();

        void Work()
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < files.Count)
            {
                results.Add((index, Read(repository, files[index], paths, withRecords)), stop.Token);
            }
        }
    }

    private static ReadFile Read(RuleRepository repository, RuleFile file, RulePaths paths, bool withRecords)
    {
        var result = repository.Read(file);
        var rules = new List<ReadRule>(result.Rules.Count);
        string? text = null;
        foreach (var candidate in result.Rules)
        {
            var confirmed = FidelityConfirmation.Confirm(candidate);
            var rule = candidate with { Fidelity = confirmed.Fidelity };
            if (!withRecords)
            {
                rules.Add(new ReadRule(rule, NoAnalysis, null, confirmed.Fires, []));
                continue;
            }

            var analysis = RuleAnalyzer.Analyze(rule);
            var hash = HashOf(rule);
            var record = RecordBuilder.Build(rule, analysis, confirmed.Fires ? confirmed.Witness : null, hash, paths, out var ownText);
            text ??= ownText;
            rules.Add(new ReadRule(rule, analysis, hash, confirmed.Fires, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(record, StoredJson.Compact.StoredRecord)));
        }

        return new ReadFile(result, rules, text);
    }

    private static string? HashOf(DetectionRule rule)
        => rule.Normal is { } normal ? LogicHash.Of(normal)
            : rule.Logic is { } logic ? LogicHash.Of(Normalizer.Normalize(logic))
            : null;

    private static readonly RuleAnalysis NoAnalysis = new(null, null, [], [], [], [], [], [], []);
}
