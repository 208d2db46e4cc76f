using System.Reflection;
using NetActors.Execution;
using NetActors.Tests.Observe;

namespace NetActors.Tests.Architecture;

/// <summary>Several simulations run in one process, so nothing is global.</summary>
public class StateTests
{
    private static readonly Type[] Collections = [typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>)];

    private static IEnumerable<FieldInfo> Statics => TypeUses.Library.GetTypes()
        .Where(type => type.Namespace?.StartsWith(nameof(NetActors), StringComparison.Ordinal) == true && !IsMadeOutside(type))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(state => !state.IsLiteral);

    [Fact]
    public void No_static_field_can_change_but_the_threads_own_node()
    {
        var changeable = Statics.Where(state => !state.IsInitOnly && !IsCompilersCache(state));
        var own = Assert.Single(changeable);
        Assert.Equal(typeof(ExecutionLayer), own.DeclaringType);
        Assert.True(own.IsDefined(typeof(ThreadStaticAttribute), inherit: false));
    }

    [Fact]
    public void No_static_value_can_be_filled()
    {
        var wrong = Statics.Where(state => !TypeUses.IsGenerated(state) || state.Name.Contains("BackingField", StringComparison.Ordinal))
            .Where(state => (state.FieldType.IsArray && !state.IsPrivate)
                || (state.FieldType.IsGenericType && Collections.Contains(state.FieldType.GetGenericTypeDefinition()))
                || state.FieldType.Namespace == "System.Collections.Concurrent")
            .Select(state => $"{state.DeclaringType!.Name}.{state.Name}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Banned_symbols_are_allowed_only_where_real_time_is_made()
    {
        var library = Repository.Path("src", "NetActors");
        var wrong = Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(library, file)).Where(file => !file.StartsWith("Execution/Real", StringComparison.Ordinal));
        Assert.Empty(wrong);
    }

    /// <summary>The JSON source generator keeps its metadata in fields of its own.</summary>
    private static bool IsMadeOutside(Type type) => TypeUses.Top(type).Name == "ResultJsonContext";

    private static bool IsCompilersCache(FieldInfo state) => TypeUses.IsGenerated(state) && !state.Name.Contains("BackingField", StringComparison.Ordinal);
}
