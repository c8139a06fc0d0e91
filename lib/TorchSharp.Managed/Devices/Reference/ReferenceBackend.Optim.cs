using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

internal unsafe partial class ReferenceBackend
{
    public virtual void AdamStep(ScalarType type, in AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count) =>
        OverFloats(type, new AdamLoop(rule, p, gradient, m, v, largest, count));

    private readonly struct AdamLoop(AdamRule rule, void* p, void* gradient, void* m, void* v, void* largest, long count) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* parameters = (T*)p, gradients = (T*)gradient, first = (T*)m, second = (T*)v, most = (T*)largest;
            T beta1 = T.CreateTruncating(rule.Beta1), beta2 = T.CreateTruncating(rule.Beta2), fresh1 = T.CreateTruncating(1 - rule.Beta1), fresh2 = T.CreateTruncating(1 - rule.Beta2);
            T rate = T.CreateTruncating(rule.Rate), root = T.CreateTruncating(rule.Root), epsilon = T.CreateTruncating(rule.Epsilon);
            T decay = T.CreateTruncating(rule.Decay), shrink = T.CreateTruncating(rule.Shrink);
            for (long i = 0; i < count; i++)
            {
                var g = rule.Ascend ? -gradients[i] : gradients[i];
                var value = parameters[i];
                if (rule.Decay != 0)
                    g += decay * value;
                if (rule.Shrink != 1)
                    value *= shrink;
                first[i] = first[i] * beta1 + fresh1 * g;
                second[i] = second[i] * beta2 + fresh2 * g * g;
                var scale = second[i];
                if (most != null)
                    scale = most[i] = T.Max(most[i], scale);
                parameters[i] = value - rate * (first[i] / (T.Sqrt(scale) / root + epsilon));
            }
        }
    }

    public virtual void SgdStep(ScalarType type, in SgdRule rule, void* p, void* gradient, void* velocity, long count) =>
        OverFloats(type, new SgdLoop(rule, p, gradient, velocity, count));

    private readonly struct SgdLoop(SgdRule rule, void* p, void* gradient, void* velocity, long count) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* parameters = (T*)p, gradients = (T*)gradient, velocities = (T*)velocity;
            T momentum = T.CreateTruncating(rule.Momentum), fresh = T.CreateTruncating(rule.Fresh), rate = T.CreateTruncating(rule.Rate), decay = T.CreateTruncating(rule.Decay);
            for (long i = 0; i < count; i++)
            {
                var g = rule.Ascend ? -gradients[i] : gradients[i];
                if (rule.Decay != 0)
                    g += decay * parameters[i];
                if (velocities != null)
                {
                    velocities[i] = momentum * velocities[i] + fresh * g;
                    g = rule.Nesterov ? g + momentum * velocities[i] : velocities[i];
                }
                parameters[i] -= rate * g;
            }
        }
    }

    public virtual void RmsPropStep(ScalarType type, in RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count) =>
        OverFloats(type, new RmsPropLoop(rule, p, gradient, squares, mean, velocity, count));

    private readonly struct RmsPropLoop(RmsPropRule rule, void* p, void* gradient, void* squares, void* mean, void* velocity, long count) : IFloatAction
    {
        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            T* parameters = (T*)p, gradients = (T*)gradient, second = (T*)squares, first = (T*)mean, velocities = (T*)velocity;
            T alpha = T.CreateTruncating(rule.Alpha), fresh = T.CreateTruncating(1 - rule.Alpha), rate = T.CreateTruncating(rule.Rate), epsilon = T.CreateTruncating(rule.Epsilon);
            T momentum = T.CreateTruncating(rule.Momentum), decay = T.CreateTruncating(rule.Decay);
            for (long i = 0; i < count; i++)
            {
                var g = rule.Ascend ? -gradients[i] : gradients[i];
                if (rule.Decay != 0)
                    g += decay * parameters[i];
                second[i] = second[i] * alpha + fresh * g * g;
                var variance = second[i];
                if (first != null)
                {
                    first[i] = first[i] * alpha + fresh * g;
                    variance -= first[i] * first[i];
                }
                var step = g / (T.Sqrt(variance) + epsilon);
                if (velocities != null)
                    step = velocities[i] = momentum * velocities[i] + step;
                parameters[i] -= rate * step;
            }
        }
    }
}
