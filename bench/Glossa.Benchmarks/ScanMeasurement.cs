using System.Diagnostics;
using System.Globalization;
using Glossa.Execution;
using Glossa.Execution.Matching;
using Glossa.Execution.Reading;
using Glossa.Languages;

namespace Glossa.Benchmarks;

/// <summary>One scan, with what it took: for the report in bench/, not for comparing builds in one process.</summary>
internal static class ScanMeasurement
{
    public static void Run(string rulePath, string log)
    {
        var watch = Stopwatch.StartNew();
        var repository = RuleRepository.Open([rulePath]);
        var rules = repository.Files.AsParallel().AsOrdered().SelectMany(file => repository.Read(file).Rules).ToList();
        var read = watch.Elapsed;
        var set = RuleSet.Compile(rules);
        var compiled = watch.Elapsed - read;
        for (var run = 0; run < 2; run++)
        {
            var before = GC.GetTotalAllocatedBytes();
            var collections = GC.CollectionCount(0);
            using var report = Scanner.Run(set, [new LogInput(Path.GetFullPath(log), log, null)]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rules.Count} rules (read {read.TotalMilliseconds:0} ms, compiled {compiled.TotalMilliseconds:0} ms), {report.RulesRun} met events; {report.Events:N0} events, {report.Bytes / 1048576.0:0} MiB in {report.Elapsed.TotalSeconds:0.00} s: {report.EventsPerSecond:N0} events/s; {report.Alerts.Count:N0} alerts; {(GC.GetTotalAllocatedBytes() - before) / (double)report.Events:0} bytes an event allocated, {GC.CollectionCount(0) - collections} collections; peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
        }
    }
}
