namespace NetActors.Script.Shell;

/// <summary>
/// Unwinds the shell to where the script began: <c>exit</c>, or a failure under <c>set -e</c>. Never leaves the interpreter.
/// </summary>
internal sealed class ShellExitException(int status) : Exception
{
    /// <summary>The status it ends with.</summary>
    public int Status { get; } = status;
}
