using Postrider.Cli.Options;
using Postrider.Mta.Hosting;
using Postrider.Mta.Hosting.Posix;
using Postrider.Mta.Users;

namespace Postrider.Cli.Applets;

/// <summary><c>postrider passwd</c>: users of the user store. The password comes from a terminal without echo, or as the first line of standard input; never from the command line, which others can read.</summary>
internal static class PasswdApplet
{
    private const string Usage = "postrider passwd [--file FILE | -C CONFIGURATION] USER   |   … --delete USER   |   … --list";

    public static async Task<SysExit> RunAsync(AppletContext context, CancellationToken cancellationToken)
    {
        LongOptions options = LongOptions.Parse(context.Arguments, Usage, ["--file", "-C"], ["--delete", "--list"]);
        (string file, RunAsUser? owner) = await StoreAsync(context, options, cancellationToken);
        UserStoreEditor editor = new(file, owner is null ? null : (owner.User.Uid, owner.Group));
        try
        {
            if (options.Has("--list"))
            {
                foreach (string user in editor.List()) await context.Output.WriteLineAsync(user);
                return SysExit.Ok;
            }

            if (options.Operands is not [{ } name]) throw new UsageException("usage: " + Usage);
            if (options.Has("--delete"))
            {
                if (editor.Remove(name)) return SysExit.Ok;
                throw new UsageException($"passwd: no user {name} in {file}", SysExit.NoUser);
            }

            return await SetAsync(context, editor, name, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException("passwd: " + e.Message, SysExit.DataError);
        }
        catch (IOException e)
        {
            throw new UsageException("passwd: " + e.Message, SysExit.CannotCreate);
        }
    }

    private static async Task<SysExit> SetAsync(AppletContext context, UserStoreEditor editor, string name, CancellationToken cancellationToken)
    {
        string? password = await Terminal.ReadSecretAsync(context, $"Password of {name}: ", cancellationToken);
        if (string.IsNullOrEmpty(password)) throw new UsageException("passwd: no password given", SysExit.NoInput);
        if (Terminal.IsInteractive && await Terminal.ReadSecretAsync(context, "Once more: ", cancellationToken) != password) throw new UsageException("passwd: the two are not the same", SysExit.DataError);
        bool wasThere = editor.SetPassword(name, password);
        await context.Error.WriteLineAsync(wasThere ? $"{name}: password changed" : $"{name}: added");
        return SysExit.Ok;
    }

    private static async Task<(string File, RunAsUser? Owner)> StoreAsync(AppletContext context, LongOptions options, CancellationToken cancellationToken)
    {
        if (options["--file"] is { } named)
        {
            SystemUser? daemon = SystemUser.IsRoot ? SystemUser.Find(RunAsUser.DefaultName) : null;
            return (named, daemon is null ? null : new RunAsUser(daemon, daemon.Gid));
        }

        LoadedSite site = await SiteLoader.LoadAsync(context, options["-C"], [], asSendmail: false, cancellationToken);
        string store = site.Configuration.Auth.UserStore
            ?? throw new UsageException("passwd: the configuration names no user store (FEATURE(`user_store', `FILE')); or give --file", SysExit.Configuration);
        return (store, SystemUser.IsRoot ? RunAsUser.Of(site.Configuration) : null);
    }
}
