namespace Postrider.Dialogues;

/// <summary>A dialogue did not go as its file says; the message shows where, and what was said until then.</summary>
internal sealed class DialogueFailure(string message) : Exception(message);
