using Postrider.Mail;
using Postrider.Smtp.Tls;

namespace Postrider.Smtp.Server;

/// <summary>
/// What a session asks: one object per session, called by one caller at a time, in the order of the dialogue. The session has already checked grammar and order
/// (check → ask → proceed); the handler decides and never writes to the peer. Null answers mean: go on.
/// </summary>
/// <remarks>
/// An exception other than cancellation is answered 451 4.3.0 and logged; it never lets mail through. Disposed once, when the session is over, however it ended.
/// </remarks>
public interface ISmtpSessionHandler : IAsyncDisposable
{
    /// <summary>After accept (after the handshake with implicit TLS), before the greeting. Resolves the client's name, asks check_relay.</summary>
    /// <returns>Null: greet. A 421: said instead of the greeting, and the session ends. Any other refusal: 220 all the same, and this reply to every command but HELO, EHLO, NOOP, RSET, QUIT and unknown ones (reference §5.3).</returns>
    ValueTask<SmtpReply?> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>After <see cref="ConnectAsync"/> has let the client in: how long the greeting is held back. Who speaks before it is refused. Default: not at all.</summary>
    ValueTask<TimeSpan> GreetPauseAsync(CancellationToken cancellationToken) => default;

    /// <summary>The client spoke during the pause. For the log.</summary>
    void SpokeEarly(TimeSpan after) { }

    /// <summary>A command that no other method is asked about: NOOP, VERB, and what is no command.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="isKnown">It would be accepted; otherwise 500.</param>
    /// <returns>Null: the answer stays what it is.</returns>
    ValueTask<SmtpReply?> OtherAsync(string line, bool isKnown, CancellationToken cancellationToken) => default;

    /// <summary>HELO (extended false) or EHLO, argument grammatical. Null: Hello.</summary>
    ValueTask<SmtpReply?> HeloAsync(string name, bool extended, CancellationToken cancellationToken);

    /// <summary>A TLS layer is up. Same meaning of the answer as <see cref="ConnectAsync"/>.</summary>
    ValueTask<SmtpReply?> TlsAsync(TlsFacts facts, CancellationToken cancellationToken);

    /// <summary>AUTH succeeded (already in the facts) or failed.</summary>
    /// <param name="user">On failure, who the peer claimed to be, as it spelt it: to be escaped. Null: it did not come to that.</param>
    /// <param name="reason">On failure, for the log; never holds a secret.</param>
    void AuthEnded(string mechanism, bool succeeded, string? user, string? reason);

    /// <summary>A handshake failed; the session ends. For the log.</summary>
    void TlsFailed(string reason) { }

    /// <summary>This handler, or a transaction of it, threw: the peer gets 451 4.3.0 (421 before the greeting). For the log.</summary>
    void Faulted(string command, Exception exception) { }

    /// <summary>A limit of repeated commands is reached; from here on the session slows down. For the log (<c>possible SMTP attack: command=…, count=…</c>).</summary>
    void Flooded(string command, int count) { }

    /// <summary>MAIL. On a positive reply the answer carries the transaction, which from then on belongs to the session.</summary>
    ValueTask<MailAnswer> MailAsync(ReversePath path, MailParameters parameters, CancellationToken cancellationToken);

    /// <summary>VRFY, argument as given.</summary>
    ValueTask<SmtpReply> VerifyAsync(string argument, CancellationToken cancellationToken);

    /// <summary>EXPN, argument as given. The reply has one line per member.</summary>
    ValueTask<SmtpReply> ExpandAsync(string argument, CancellationToken cancellationToken);

    /// <summary>ETRN, argument as given.</summary>
    ValueTask<SmtpReply> EtrnAsync(string argument, CancellationToken cancellationToken);

    /// <summary>A reply went out (or would have: the peer is gone). For the log, with its reasons; must not block.</summary>
    /// <param name="command">The command line, without what AUTH carries; empty for a reply to nothing (greeting, time-out, shutdown).</param>
    void Replied(string command, SmtpReply reply);
}
