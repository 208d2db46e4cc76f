using System.Globalization;

namespace NetActors.Nic;

/// <summary>One <c>ethtool -X</c>: read, checked against the device, and carried out whole or not at all (kernel:
/// <c>rss_set</c>).</summary>
internal sealed class RxfhRequest
{
    private byte[]? _key;
    private RssHashFunction? _function;
    private RssTransform? _transform;
    private int? _equal;
    private List<int>? _weights;
    private int _start;
    private bool _isDefault;
    private bool _isDelete;
    private bool _isNew;
    private int _context;

    /// <summary>Reads the words. Refused with the one that does not fit.</summary>
    public static EthtoolResult TryParse(string words, out RxfhRequest request)
    {
        request = new RxfhRequest();
        var word = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (word.Length == 0) return EthtoolResult.Invalid("say what to change: equal, weight, default, hkey, hfunc, xfrm or context");
        for (var i = 0; i < word.Length;)
        {
            var key = word[i++];
            var isRead = key switch
            {
                "default" => request._isDefault = true,
                "delete" => request._isDelete = true,
                "weight" => request.ReadWeights(word, ref i),
                _ => i < word.Length && request.Read(key, word[i++]),
            };
            if (!isRead) return EthtoolResult.Invalid($"'{key}' is not known here, or its value does not fit");
        }

        var tables = (request._equal is null ? 0 : 1) + (request._weights is null ? 0 : 1) + (request._isDefault ? 1 : 0);
        return tables <= 1 ? EthtoolResult.Success : EthtoolResult.Invalid("equal, weight and default exclude each other");
    }

    /// <summary>Carries the request out, or refuses it and changes nothing.</summary>
    public EthtoolResult Apply(NicReceive nic, out int context)
    {
        context = _context;
        if (_isDelete) return nic.Contexts.Delete(_context, nic.Rules);
        var answer = Check(nic);
        if (!answer.Ok) return answer;
        var target = nic.Contexts.Find(_context);
        if (target is null) return EthtoolResult.NotFound($"there is no RSS context {_context}");
        if (_isNew)
        {
            answer = nic.Contexts.Create(nic.Channels, out target);
            if (!answer.Ok) return answer;
            context = target.Id;
        }

        answer = ApplyTable(target, nic.Channels);
        if (!answer.Ok)
        {
            if (_isNew) nic.Contexts.Delete(context, nic.Rules);
            return answer;
        }

        if (_key is not null) target.Hasher.Key = _key;
        target.Hasher.Function = _function ?? target.Hasher.Function;
        target.Hasher.Transform = _transform ?? target.Hasher.Transform;
        return EthtoolResult.Success;
    }

    private EthtoolResult Check(NicReceive nic)
    {
        var model = nic.Model;
        if (_key is not null && _key.Length != model.KeyBytes)
            return EthtoolResult.Invalid($"hkey has {_key.Length} bytes, the device's has {model.KeyBytes}");
        if (!model.OtherHashes && _function is not (null or RssHashFunction.Toeplitz))
            return EthtoolResult.NotSupported($"hfunc: {model.Name} has toeplitz only");
        if (_transform is null or RssTransform.None) return EthtoolResult.Success;
        if (!model.OtherHashes) return EthtoolResult.NotSupported($"xfrm: {model.Name} has no symmetric transform");
        var hasher = (nic.Contexts.Find(_context) ?? nic.Contexts.Default).Hasher;
        for (var type = FlowType.Ip4; type <= FlowType.Esp6; type++)
        {
            if (RssHasher.IsLopsided(hasher.FieldsOf(type)))
                return EthtoolResult.Invalid($"xfrm: {type.Name()} hashes on {hasher.FieldsOf(type).Letters()}, which is not symmetric");
        }

        return EthtoolResult.Success;
    }

    private EthtoolResult ApplyTable(RssContext target, int channels)
    {
        if (_equal is { } count) return target.Indirection.SetEqual(count, _start, channels);
        if (_weights is not null) return target.Indirection.SetWeight(_weights.ToArray(), _start, channels);
        if (_isDefault) target.Indirection.Reset(channels);
        return EthtoolResult.Success;
    }

    private bool Read(string key, string value)
    {
        switch (key)
        {
            case "equal": return TryCount(value, out var count) && (_equal = count) > 0;
            case "start": return TryCount(value, out _start);
            case "hkey": return Toeplitz.TryParseKey(value, out _key!);
            case "hfunc": return (_function = FunctionOf(value)) is not null;
            case "xfrm": return (_transform = TransformOf(value)) is not null;
            case "context" when value == "new": return _isNew = true;
            case "context": return TryCount(value, out _context);
            default: return false;
        }
    }

    private bool ReadWeights(string[] word, ref int i)
    {
        _weights = [];
        for (; i < word.Length && TryCount(word[i], out var weight); i++) _weights.Add(weight);
        return _weights.Count > 0;
    }

    private static RssHashFunction? FunctionOf(string name) => name switch
    {
        "toeplitz" => RssHashFunction.Toeplitz,
        "xor" => RssHashFunction.Xor,
        "crc32" => RssHashFunction.Crc32,
        _ => null,
    };

    private static RssTransform? TransformOf(string name) => name switch
    {
        "none" => RssTransform.None,
        "symmetric-xor" => RssTransform.SymmetricXor,
        "symmetric-or-xor" => RssTransform.SymmetricOrXor,
        _ => null,
    };

    private static bool TryCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
