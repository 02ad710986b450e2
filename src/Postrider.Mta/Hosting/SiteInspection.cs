using System.Collections.Immutable;
using Postrider.Mta.Configuration;
using Postrider.Mta.Users;

namespace Postrider.Mta.Hosting;

/// <summary>What a daemon would find in the files that a configuration names, without being one: keys, certificates, tables, users, directories.</summary>
public static class SiteInspection
{
    /// <param name="configurationFile">What it was read from; null: no file.</param>
    /// <param name="starts">False: the daemon would refuse to start.</param>
    /// <returns>One line each. Files that the caller may not read are told as such: run it as who starts the daemon.</returns>
    public static ImmutableArray<string> Inspect(SiteConfiguration site, string? configurationFile, TimeProvider time, out bool starts)
    {
        starts = false;
        try
        {
            RunAsUser runAs = RunAsUser.Of(site);
            using DaemonLog log = DaemonLog.Open(new DaemonOptions { UsesSyslog = false }, time);
            starts = RunningSite.Read(site, configurationFile, runAs, door: null, log, time, out ImmutableArray<string> found) is not null;
            IEnumerable<string> users = site.Auth.UserStore is { } store ? new UserStore(store, site.HostName, runAs.User.Uid).Check() : [];
            return [.. found.Concat(users).Distinct(StringComparer.Ordinal)];
        }
        catch (DaemonStartException e)
        {
            return [e.Message];
        }
    }
}
