namespace Glossa.Catalog;

/// <summary>A catalog cannot be opened or written; the message is a whole sentence for people, with the path in it.</summary>
public sealed class CatalogException : Exception
{
    public CatalogException()
    {
    }

    public CatalogException(string message)
        : base(message)
    {
    }

    public CatalogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
