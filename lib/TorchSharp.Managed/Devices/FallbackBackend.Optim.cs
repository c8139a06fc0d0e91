using static TorchSharp.torch;

namespace TorchSharp;

internal sealed unsafe partial class FallbackBackend
{
    public void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count)
    {
        var call = (nameof(AdamStep), 0, type);
        if (Has(call))
        {
            try { _device!.AdamStep(type, in rule, p, gradient, m, v, largest, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AdamStep(type, in rule, Out(p), In(gradient), Out(m), Out(v), Out(largest), count);
    }

    public void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count)
    {
        var call = (nameof(SgdStep), 0, type);
        if (Has(call))
        {
            try { _device!.SgdStep(type, in rule, p, gradient, velocity, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.SgdStep(type, in rule, Out(p), In(gradient), Out(velocity), count);
    }

    public void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count)
    {
        var call = (nameof(RmsPropStep), 0, type);
        if (Has(call))
        {
            try { _device!.RmsPropStep(type, in rule, p, gradient, squares, mean, velocity, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.RmsPropStep(type, in rule, Out(p), In(gradient), Out(squares), Out(mean), Out(velocity), count);
    }
}
