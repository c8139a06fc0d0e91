using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Helpers around parameters and gradients.</summary>
        public static partial class utils
        {
            /// <summary>Scales all gradients together so that their joint norm is at most a limit.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var _ = no_grad();
                using var scope = DisposeScope.ForTemporaries();
                List<Tensor> gradients = [.. tensors.Select(parameter => parameter.grad).OfType<Tensor>()];
                if (gradients.Count == 0)
                    return 0;
                var norms = stack([.. gradients.Select(gradient => functional.VectorNorm(gradient.reshape(-1), norm_type, 0, false))], 0);
                double total = functional.VectorNorm(norms, norm_type, 0, false).ToDouble();
                double factor = max_norm / (total + 1e-6);
                // A norm that is no number makes no gradient one either, so that the step shows it.
                if (!(factor >= 1))
                    foreach (var gradient in gradients)
                        gradient.mul_(factor);
                return total;
            }

            /// <summary>Limits every element of the gradients.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var _ = no_grad();
                using var scope = DisposeScope.ForTemporaries();
                foreach (var parameter in tensors)
                    parameter.grad?.clamp_(-clip_value, clip_value);
            }

            /// <summary>All parameters in one vector, differentiably.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors) => cat([.. tensors.Select(parameter => parameter.reshape(-1))], 0);

            /// <summary>The inverse of <see cref="parameters_to_vector"/>.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                List<Parameter> all = [.. tensors];
                long needed = all.Sum(parameter => parameter.numel());
                if (vec.dim() != 1 || vec.numel() != needed)
                    throw new ArgumentException($"The parameters hold {needed} numbers, the vector has shape [{string.Join(", ", vec.shape)}].", nameof(vec));
                using var _ = no_grad();
                using var scope = DisposeScope.ForTemporaries();
                long offset = 0;
                foreach (var parameter in all)
                {
                    parameter.copy_(vec.narrow(0, offset, parameter.numel()).view_as(parameter));
                    offset += parameter.numel();
                }
            }

            /// <summary>A convolution that does what the convolution and the batch normalisation after it did.</summary>
            public static (Parameter weight, Parameter bias) fuse_conv_bn_weights(Tensor conv_w, Tensor? conv_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor? bn_w, Tensor? bn_b, bool transpose = false)
            {
                using var _ = no_grad();
                long[] shape = new long[conv_w.dim()];
                shape.AsSpan().Fill(1);
                shape[transpose ? 1 : 0] = -1;
                var scale = (bn_w ?? ones_like(bn_rm)) * bn_rv.add(bn_eps).rsqrt();
                var bias = ((conv_b ?? zeros_like(bn_rm)) - bn_rm) * scale + (bn_b ?? zeros_like(bn_rm));
                return (new Parameter(conv_w * scale.reshape(shape), conv_w.requires_grad), new Parameter(bias, conv_b?.requires_grad ?? conv_w.requires_grad));
            }

            /// <summary>A linear layer that does what the layer and the batch normalisation after it did.</summary>
            public static (Parameter weight, Parameter bias) fuse_linear_bn_weights(Tensor linear_w, Tensor? linear_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor bn_w, Tensor bn_b) =>
                fuse_conv_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b);

            /// <summary>One linear layer instead of the layer and the normalisation after it, both in evaluation mode.</summary>
            public static Modules.Linear fuse_linear_bn_eval(Modules.Linear linear, Modules.BatchNorm bn)
            {
                if (linear.training || bn.training)
                    throw new ArgumentException("fuse_linear_bn_eval: both modules must be in evaluation mode; call eval() first.");
                if (bn.running_mean is null || bn.running_var is null)
                    throw new ArgumentException("fuse_linear_bn_eval: the normalisation tracks no running statistics.", nameof(bn));
                var (weight, bias) = fuse_conv_bn_weights(linear.weight!, linear.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias);
                return nn.Linear(weight, bias);
            }
        }
    }
}
