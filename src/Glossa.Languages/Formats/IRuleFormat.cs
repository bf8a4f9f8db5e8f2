using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Core.Text;

namespace Glossa.Languages.Formats;

/// <summary>A shape of rule file: the envelope around one or several queries.</summary>
public interface IRuleFormat
{
    /// <summary>Of its rules: <c>sigma</c>.</summary>
    string Family { get; }

    /// <summary>Whether a file could be one of these, by its name alone.</summary>
    bool Recognises(string path);

    /// <summary>Pass 1: the envelopes and what the file defines for others. Never throws at what it reads.</summary>
    RuleFileContent Open(RuleFile file, SourceFile source);
}

/// <summary>A file after pass 1.</summary>
public abstract class RuleFileContent
{
    /// <summary>False for a file that only has the ending: another kind of YAML.</summary>
    public abstract bool IsRuleFile { get; }

    /// <summary>Of the file as such; what is found in its rules comes with <see cref="Read"/>.</summary>
    public abstract IReadOnlyList<Diagnostic> Diagnostics { get; }

    public abstract IReadOnlyList<Definition> Definitions { get; }

    /// <summary>Pass 2. May be called by several threads for different files.</summary>
    public abstract RuleFileReading Read(IDefinitions definitions);
}

public sealed record RuleFileReading(IReadOnlyList<DetectionRule> Rules, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<QueryOutcome> Queries)
{
    public static RuleFileReading Empty { get; } = new([], [], []);
}
