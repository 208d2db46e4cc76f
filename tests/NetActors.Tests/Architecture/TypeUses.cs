using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace NetActors.Tests.Architecture;

/// <summary>Which types a type of the library uses, read from its members' signatures and code; nested and generated types count as their file's.</summary>
internal static class TypeUses
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The library under test.</summary>
    public static Assembly Library { get; } = typeof(NetActors.Hosts.Simulation).Assembly;

    /// <summary>Every top-level type of the library with all that it uses, itself left out.</summary>
    public static IReadOnlyDictionary<Type, HashSet<Type>> OfLibrary { get; } = Read();

    /// <summary>The folder of the library in which a type lives; empty for the root.</summary>
    public static string Folder(Type type) => type.Namespace!.Split('.') is [_, var folder, ..] ? folder : "";

    /// <summary>The file or the type as a reader finds it: without what it nests.</summary>
    public static Type Top(Type type) => type.DeclaringType is { } outer ? Top(outer) : type;

    /// <summary>True for what the compiler made.</summary>
    public static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || member.Name.Contains('<', StringComparison.Ordinal)
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    /// <summary>The types, fields and methods that a method's code names.</summary>
    public static IEnumerable<MemberInfo> Named(MethodBase method) =>
        method.GetMethodBody() is { } body ? Members(method, body.GetILAsByteArray()!) : [];

    private static Dictionary<Type, HashSet<Type>> Read()
    {
        var uses = new Dictionary<Type, HashSet<Type>>();
        foreach (var type in Library.GetTypes())
        {
            if (Top(type).Namespace?.StartsWith(nameof(NetActors), StringComparison.Ordinal) != true) continue;
            if (!uses.TryGetValue(Top(type), out var used)) uses.Add(Top(type), used = []);
            Read(type, found => Add(found, used));
            used.Remove(Top(type));
        }

        return uses;
    }

    private static void Add(Type? type, HashSet<Type> used)
    {
        if (type is null || type.IsGenericParameter || type.Namespace is null) return;
        if (type.HasElementType)
        {
            Add(type.GetElementType(), used);
            return;
        }

        foreach (var argument in type.GetGenericArguments()) Add(argument, used);
        used.Add(Top(type.IsGenericType ? type.GetGenericTypeDefinition() : type));
    }

    private static void Read(Type type, Action<Type?> found)
    {
        found(type.BaseType);
        foreach (var implemented in type.GetInterfaces()) found(implemented);
        foreach (var field in type.GetFields(All)) found(field.FieldType);
        foreach (var property in type.GetProperties(All)) found(property.PropertyType);
        IEnumerable<MethodBase> methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
        foreach (var method in methods)
        {
            foreach (var parameter in method.GetParameters()) found(parameter.ParameterType);
            if (method is MethodInfo { ReturnType: var answer }) found(answer);
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? []) found(local.LocalType);
            foreach (var member in Named(method))
            {
                found(member as Type ?? member.DeclaringType);
                if (member is FieldInfo field) found(field.FieldType);
                if (member is not MethodInfo called) continue;
                found(called.ReturnType);
                if (called.IsGenericMethod) Array.ForEach(called.GetGenericArguments(), argument => found(argument));
            }
        }
    }

    private static IEnumerable<MemberInfo> Members(MethodBase method, byte[] code)
    {
        Type[] typeArguments = method.DeclaringType!.GetGenericArguments(), methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            var opCode = Codes[code[at] == 0xFE ? BinaryPrimitives.ReadInt16BigEndian(code.AsSpan(at)) : code[at]];
            at += opCode.Size;
            if (opCode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
                yield return method.Module.ResolveMember(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)), typeArguments, methodArguments)!;
            at += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
