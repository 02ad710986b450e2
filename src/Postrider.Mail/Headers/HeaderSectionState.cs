namespace Postrider.Mail.Headers;

/// <summary>Where a <see cref="HeaderSectionReader"/> stands.</summary>
public enum HeaderSectionState
{
    /// <summary>Wants more octets.</summary>
    Reading,

    /// <summary>The empty line, or the first line that is no header field, was met: everything after it is body.</summary>
    Complete,

    /// <summary>More octets than <see cref="HeaderSectionLimits.MaxOctets"/>. Nothing more is taken.</summary>
    TooManyOctets,

    /// <summary>More lines than <see cref="HeaderSectionLimits.MaxLines"/>. Nothing more is taken.</summary>
    TooManyLines,
}
