namespace Postrider.Sendmail.Mc;

/// <summary>What m4's reader distinguishes.</summary>
internal enum M4TokenKind
{
    End,
    Word,
    Text,
    Open,
    Comma,
    Close,
    Simple,
    Builtin,
}
