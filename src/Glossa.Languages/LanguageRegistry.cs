using Glossa.Languages.Formats;
using Glossa.Languages.Sigma;

namespace Glossa.Languages;

/// <summary>Every language and every rule file format there is. A new one is a line here.</summary>
public static class LanguageRegistry
{
    public static IReadOnlyList<IQueryLanguage> Languages { get; } = [new SigmaLanguage()];

    public static IReadOnlyList<IRuleFormat> Formats { get; } = [new SigmaYaml()];

    /// <summary>A language by its id, or null.</summary>
    public static IQueryLanguage? Find(string id) => Languages.FirstOrDefault(language => language.Id == id);
}
