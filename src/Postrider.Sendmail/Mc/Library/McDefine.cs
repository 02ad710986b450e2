namespace Postrider.Sendmail.Mc.Library;

/// <summary>A name that an <c>.mc</c> defines and the option that it becomes.</summary>
/// <param name="Name">The m4 name.</param>
/// <param name="Option">The option's name; its type is in the option table.</param>
/// <param name="Default">What the m4 library says when the site says nothing, where that is not the program's own default; null: nothing is written.</param>
internal sealed record McDefine(string Name, string Option, string? Default = null);
