using System.Diagnostics.CodeAnalysis;
using NetActors.Script.Shell;

namespace NetActors.Script.Tests.Doubles;

/// <summary>Files in memory.</summary>
internal sealed class FakeFiles(params (string Path, string Text)[] files) : IScriptFiles
{
    public bool TryRead(string path, [NotNullWhen(true)] out string? text)
    {
        text = files.FirstOrDefault(file => file.Path == path).Text;
        return text is not null;
    }
}
