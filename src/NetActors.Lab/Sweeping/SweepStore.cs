using System.Text;
using System.Text.Json;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;

namespace NetActors.Lab.Sweeping;

/// <summary>
/// Keeps finished runs as lines of JSON in a directory, so that a sweep that ended early goes on where it stopped. One process at a time;
/// several of its threads may add.
/// </summary>
internal sealed class SweepStore : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "runs.jsonl";

    private readonly Dictionary<string, RunFigures> _runs = new(StringComparer.Ordinal);
    private readonly Lock _one = new();
    private readonly FileStream _file;

    /// <summary>Opens the directory, which is made when it is not there, and reads what it has.</summary>
    /// <exception cref="IOException">It cannot be written, or another process writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public SweepStore(string directory)
    {
        Directory.CreateDirectory(directory);
        Path = System.IO.Path.Combine(directory, FileName);
        _file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        var ends = true;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            if (Read(line) is var (key, run)) _runs[key] = run;
            else Broken++;
        }

        if (_file.Length > 0)
        {
            _file.Seek(-1, SeekOrigin.End);
            ends = _file.ReadByte() == '\n';
        }

        _file.Seek(0, SeekOrigin.End);
        if (!ends) _file.WriteByte((byte)'\n'); // the last line was being written when its process ended
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Lines that could not be read: what was being written when a process was killed.</summary>
    public int Broken { get; }

    /// <summary>The figures of a run; null when it has not been done.</summary>
    public RunFigures? Find(string key)
    {
        lock (_one) return _runs.GetValueOrDefault(key);
    }

    /// <summary>Keeps a run: it is on disk when this returns.</summary>
    public void Add(SweepPlan plan, SweepJob job, RunFigures run)
    {
        var line = Line(plan, job, run);
        lock (_one)
        {
            _runs[job.Key] = run;
            _file.Write(line);
            _file.Flush();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static byte[] Line(SweepPlan plan, SweepJob job, RunFigures run)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("key", job.Key);
            json.WriteStartObject("set");
            for (var i = 0; i < plan.Keys.Count; i++) json.WriteString(plan.Keys[i], job.Point.Values[i]);
            json.WriteEndObject();
            json.WriteNumber("seed", job.Scenario.Seed);
            json.WriteString("unit", run.Unit.ToString());
            json.WritePropertyName("figures");
            ComparisonFiles.WriteFigures(json, run);
            json.WriteStartArray("faults");
            foreach (var fault in run.Faults) json.WriteStringValue(fault);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static (string Key, RunFigures Run)? Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var values = root.GetProperty("figures").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble(), StringComparer.Ordinal);
            string[] faults = [.. root.GetProperty("faults").EnumerateArray().Select(f => f.GetString() ?? "")];
            if (root.GetProperty("key").GetString() is not { } key || !Enum.TryParse<WorkUnit>(root.GetProperty("unit").GetString(), out var unit)) return null;
            return (key, new RunFigures(unit, values, faults));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
