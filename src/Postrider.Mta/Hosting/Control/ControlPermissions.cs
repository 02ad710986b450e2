using Postrider.Mta.Configuration;
using Postrider.Mta.Hosting.Posix;

namespace Postrider.Mta.Hosting.Control;

/// <summary>Who may ask what: root and the daemon's own user everything, others as PrivacyOptions say.</summary>
/// <param name="OwnerUid">RunAsUser: also the owner of the queue directory.</param>
/// <param name="OwnerGid">Its group: sendmail's restrictmailq asks for the queue directory's group.</param>
/// <param name="Privacy">PrivacyOptions of the running site.</param>
public sealed record ControlPermissions(uint OwnerUid, uint OwnerGid, PrivacyFlags Privacy)
{
    public bool MayAsk(ControlVerb verb, PeerCredentials peer)
    {
        if (peer.Uid == 0 || peer.Uid == OwnerUid) return true;
        return verb switch
        {
            ControlVerb.Status => true,
            ControlVerb.List => (Privacy & PrivacyFlags.RestrictMailq) == 0 || peer.Gid == OwnerGid,
            ControlVerb.Run => (Privacy & PrivacyFlags.RestrictQrun) == 0,
            _ => false,
        };
    }
}
