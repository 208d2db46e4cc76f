using BenchmarkDotNet.Running;
using NetActors.Benchmarks;

if (args is ["fuzz", .. var rest]) return FuzzTarget.Run(rest);
if (args is ["rate", .. var what]) return RateTarget.Run(what);
if (args is ["idle", .. var many]) return IdleTarget.Run(many);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
