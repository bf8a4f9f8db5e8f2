using Glossa.Core.Rules;

namespace Glossa.Languages;

/// <summary>Passes questions on and remembers them, found or not: that is what a rule depends on.</summary>
internal sealed class RecordingDefinitions(IDefinitions definitions) : IDefinitions
{
    private readonly List<DefinitionKey> _asked = [];

    public IReadOnlyList<DefinitionKey> Asked => _asked;

    public IReadOnlyList<Definition> Find(DefinitionKey key)
    {
        if (!_asked.Contains(key))
        {
            _asked.Add(key);
        }

        return definitions.Find(key);
    }
}
