using Glossa.Core.Ir;

namespace Glossa.Languages.Common;

/// <summary>The bounds of IR.md, row 9, as far as constants go: U takes a positive Opaque as true and a negated one as false; L the reverse.</summary>
internal static class OpaqueBounds
{
    /// <summary>Whether U is true of every event.</summary>
    public static bool IsUpperTrue(Predicate predicate) => Bound(predicate, isUpper: true) == true;

    private static bool? Bound(Predicate predicate, bool isUpper) => predicate switch
    {
        Predicate.Opaque => isUpper,
        Predicate.Constant constant => constant.Value,
        Predicate.Named named => Bound(named.Child, isUpper),
        Predicate.Not not => !Bound(not.Child, !isUpper),
        Predicate.And and => AtLeast(and.Children, and.Children.Count, isUpper),
        Predicate.Or or => AtLeast(or.Children, 1, isUpper),
        Predicate.AtLeast atLeast => AtLeast(atLeast.Children, atLeast.Count, isUpper),
        _ => null,
    };

    private static bool? AtLeast(IrList<Predicate> children, int count, bool isUpper)
    {
        int certain = 0, possible = 0;
        foreach (var child in children)
        {
            switch (Bound(child, isUpper))
            {
                case true:
                    certain++;
                    possible++;
                    break;
                case null:
                    possible++;
                    break;
            }
        }

        return certain >= count ? true : possible < count ? false : null;
    }
}
