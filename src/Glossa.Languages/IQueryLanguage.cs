using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Core.Text;

namespace Glossa.Languages;

/// <summary>A language that says which events, and what becomes of them.</summary>
public interface IQueryLanguage
{
    /// <summary>As <c>stats</c> and Markdown fences name it: <c>sigma</c>.</summary>
    string Id { get; }

    /// <summary>
    /// Reads a query. Every span in the result is a position in <paramref name="query"/>; null where there is nothing that could be
    /// read at all. Never throws at what it reads.
    /// </summary>
    DetectionLogic? Read(QueryText query, IDefinitions definitions, DiagnosticBag diagnostics);
}
