using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using NetActors.Hosts;

namespace NetActors.Tests.Simulations;

/// <summary>Several simulations run at once in one process: nothing that changes is static.</summary>
public sealed class StaticStateTests
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void Only_the_node_of_the_running_thread_is_static_and_can_be_set()
    {
        var settable = Fields().Where(f => !f.IsInitOnly).ToArray();
        Assert.All(settable, f => Assert.True(f.IsDefined(typeof(ThreadStaticAttribute)), $"{f.DeclaringType}.{f.Name} is static and can be set"));
        Assert.Single(settable);
    }

    [Fact]
    public void No_static_holds_a_collection_that_can_grow() => Assert.All(
        Fields().Where(f => !f.FieldType.IsArray),
        f => Assert.False(f.GetValue(null) is IList { IsFixedSize: false, IsReadOnly: false } or IDictionary { IsFixedSize: false, IsReadOnly: false }
            && !f.FieldType.Name.StartsWith("IReadOnly", StringComparison.Ordinal), $"{f.DeclaringType}.{f.Name} is static and can grow"));

    private static IEnumerable<FieldInfo> Fields() =>
        from type in typeof(Simulation).Assembly.GetTypes()
        where !type.ContainsGenericParameters && !IsGenerated(type)
        from field in type.GetFields(Statics)
        where !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal)
        select field;

    private static bool IsGenerated(Type? type) =>
        type is not null && (type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute)) || IsGenerated(type.DeclaringType));
}
