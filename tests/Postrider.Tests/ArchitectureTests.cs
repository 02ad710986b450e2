using System.Reflection;

namespace Postrider.Tests;

/// <summary>The walls of ARCHITECTURE.md, checked on what was compiled: projects by their references, folders by the namespaces their types name.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new(StringComparer.Ordinal)
    {
        ["Postrider.Mail"] = [],
        ["Postrider.Sendmail"] = [],
        ["Postrider.Smtp"] = ["Postrider.Mail"],
        ["Postrider.Queue"] = ["Postrider.Mail"],
        ["Postrider.Mta"] = ["Postrider.Mail", "Postrider.Smtp", "Postrider.Queue", "Postrider.Sendmail"],
    };

    /// <summary>Folder of Mta → folders it must not name. Configuration is the score, not the stage; delivery agents never touch the queue's store.</summary>
    private static readonly (string From, string To, string Why)[] ForbiddenNamespaces =
    [
        ("Postrider.Smtp.Grammar", "Postrider.Smtp.Server", "grammar knows bytes, not sessions"),
        ("Postrider.Smtp.Grammar", "Postrider.Smtp.Client", "grammar knows bytes, not sessions"),
        ("Postrider.Smtp.Client", "Postrider.Smtp.Server", "the two sides of the conversation do not know each other"),
        ("Postrider.Smtp.Sasl", "Postrider.Smtp.Server", "a mechanism does not know the session it serves"),
        ("Postrider.Smtp.Tls", "Postrider.Smtp.Server", "TLS does not know the session it serves"),
        ("Postrider.Mta.Dns", "Postrider.Mta.Configuration", "no engine takes SiteConfiguration"),
        ("Postrider.Mta.Policy", "Postrider.Mta.Hosting", "policy does not know how it is hosted"),
        ("Postrider.Mta.Receiving", "Postrider.Mta.Hosting", "receiving does not know how it is hosted"),
        ("Postrider.Mta.Receiving", "Postrider.Mta.Delivery", "receiving ends at the queue"),
        ("Postrider.Mta.Delivery", "Postrider.Mta.Receiving", "delivery begins at the queue"),
        ("Postrider.Mta.Delivery", "Postrider.Mta.Hosting", "delivery does not know how it is hosted"),
        ("Postrider.Mta.Routing", "Postrider.Mta.Hosting", "routing does not know how it is hosted"),
    ];

    public static TheoryData<string> Projects => [.. AllowedReferences.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_names_only_the_projects_below_it(string project)
    {
        string[] named = [.. Assembly.Load(project).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Postrider", StringComparison.Ordinal))
            .Except(AllowedReferences[project], StringComparer.Ordinal)];
        Assert.True(named.Length == 0, $"{project} must not know {string.Join(", ", named)}");
    }

    [Fact]
    public void Folders_are_walls_too()
    {
        List<string> broken = [];
        foreach (Type type in AllowedReferences.Keys.SelectMany(name => Assembly.Load(name).GetTypes()))
        {
            foreach (string used in NamespacesUsedBy(type))
            {
                broken.AddRange(from wall in ForbiddenNamespaces
                                where IsIn(type.Namespace, wall.From) && IsIn(used, wall.To)
                                select $"{type.FullName} names {used}: {wall.Why}");
            }
        }

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken.Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public void Namespace_is_the_folder()
    {
        List<string> strays = [];
        foreach (string project in AllowedReferences.Keys)
        {
            strays.AddRange(from type in Assembly.Load(project).GetTypes()
                            where type.IsPublic && type.Namespace is not null && !IsIn(type.Namespace, project)
                            select type.FullName);
        }

        Assert.True(strays.Count == 0, string.Join(", ", strays));
    }

    [Fact]
    public void Delivery_agents_never_touch_the_queue_store()
    {
        List<string> broken = [.. from type in Assembly.Load("Postrider.Mta").GetTypes()
                                  where type.Name.EndsWith("Agent", StringComparison.Ordinal)
                                  where TypesUsedBy(type).Any(used => used.Name is "IQueueStore" or "IQueueDraft" or "JournalQueueStore")
                                  select type.FullName];
        Assert.True(broken.Count == 0, string.Join(", ", broken));
    }

    private static bool IsIn(string? name, string parent) =>
        name is not null && (name == parent || name.StartsWith(parent + ".", StringComparison.Ordinal));

    private static IEnumerable<string> NamespacesUsedBy(Type type) => TypesUsedBy(type).Select(used => used.Namespace ?? "").Distinct(StringComparer.Ordinal);

    /// <summary>Types in signatures, fields and local variables. What only appears inside an expression escapes; the project walls hold all the same.</summary>
    private static IEnumerable<Type> TypesUsedBy(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> used =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetProperties(All).Select(property => property.PropertyType),
            .. type.GetMethods(All).SelectMany(SignatureOf),
            .. type.GetConstructors(All).SelectMany(SignatureOf),
        ];
        return used.Where(found => found is not null).SelectMany(found => Flatten(found!));
    }

    private static IEnumerable<Type?> SignatureOf(MethodBase method) =>
    [
        (method as MethodInfo)?.ReturnType,
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
    ];

    private static IEnumerable<Type> Flatten(Type type)
    {
        if (type.HasElementType) return Flatten(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Flatten).Append(type) : [type];
    }
}
