using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Functions put together from others.
    public partial class Tensor
    {
        public Tensor positive() => dtype == ScalarType.Bool ? throw new ArgumentException("positive: Boolean tensor; expected numbers.") : Operations.Alias(this);

        public Tensor frac() => Compose(() => this - trunc().detach());

        public Tensor frac_() => Operations.Update(this, x => x.frac());

        /// <summary>To the nearest number with so many decimals; halves to even.</summary>
        public Tensor round(long decimals = 0)
        {
            if (decimals == 0)
                return Operations.Unary(UnaryOperations.Round, this);
            double scale = Math.Pow(10, Math.Abs(decimals));
            return Compose(() => decimals > 0 ? (this * scale).round() / scale : (this / scale).round() * scale);
        }

        public Tensor round_(long decimals = 0) => decimals == 0 ? Operations.UnaryInto(UnaryOperations.Round, this) : Operations.Update(this, x => x.round(decimals));

        public Tensor signbit()
        {
            if (!dtype.IsFloating())
                return lt(0);
            return Compose(() => torch.ones_like(this).copysign(this.detach()).lt(0));
        }

        public Tensor deg2rad() => mul(Math.PI / 180);

        public Tensor deg2rad_() => mul_(Math.PI / 180);

        public Tensor rad2deg_() => mul_(180 / Math.PI);

        public Tensor rad2deg() => mul(180 / Math.PI);

        public Tensor float_power(Tensor target) => Compose(() => this.@double().pow(target.@double()));

        public Tensor float_power_(Tensor target) => dtype == ScalarType.Float64 ? pow_(target)
            : throw new ExternalException($"the base given to float_power_ has dtype {dtype} but the operation's result requires dtype Float64");

        /// <summary>this·2^other.</summary>
        public Tensor ldexp(Tensor other) => Compose(() => this * other.to(other.dtype.IsFloating() ? other.dtype : get_default_dtype()).exp2());

        public Tensor ldexp_(Tensor other) => Operations.Update(this, x => x.ldexp(other));

        /// <summary>this + weight·(end − this), counted from the nearer end.</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Compose(() => where(weight.detach().abs() < 0.5, this + weight * (end - this), end - (end - this) * (1 - weight)));

        public Tensor lerp_(Tensor end, Tensor weight) => Operations.Update(this, x => x.lerp(end, weight));

        /// <summary>this + value·tensor1·tensor2, in the type in which all three meet.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Compose(() => add(Met(tensor1, tensor2) * tensor2, value));

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using var scope = DisposeScope.ForTemporaries();
            return add_(Met(tensor1, tensor2) * tensor2, value);
        }

        /// <summary>The first factor in the type in which it meets the other and this.</summary>
        private Tensor Met(Tensor first, Tensor second) => first.As(ScalarTypes.Promote(Operations.CommonType(this, first), Operations.CommonType(this, second)));

        /// <summary>this + value·tensor1/tensor2, in the type in which all three meet.</summary>
        /// <exception cref="ExternalException">Neither of the two has real numbers: say by <c>div</c> with a rounding mode what is meant.</exception>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            RequireReal(tensor1, tensor2);
            return Compose(() => add(Met(tensor1, tensor2) / tensor2, value));
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, 1);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            RequireReal(tensor1, tensor2);
            using var scope = DisposeScope.ForTemporaries();
            return add_(Met(tensor1, tensor2) / tensor2, value);
        }

        private static void RequireReal(Tensor numerator, Tensor denominator)
        {
            if (!numerator.dtype.IsFloating() && !denominator.dtype.IsFloating())
                throw new ExternalException($"Integer division with addcdiv is no longer supported (got {numerator.dtype} and {denominator.dtype}); divide with a rounding mode, or convert to a floating point type first");
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);

        /// <summary>this·ln y, and 0 where this is 0 (unless y is NaN).</summary>
        public Tensor xlogy(Tensor y) => Compose(() =>
        {
            var type = Operations.CommonType(this, y);
            var z = y.As(type.IsFloating() ? type : get_default_dtype());
            // Only there would 0·ln y not be 0 by itself.
            var excluded = eq(0).logical_and((z <= 0).logical_or(z.isposinf()));
            return where(excluded, torch.zeros_like(this * z), this * torch.where(excluded, torch.ones_like(z), z).log());
        });

        public Tensor xlogy(Scalar y) => Compose(() => xlogy(Operations.Number(y, dtype.IsFloating() ? dtype : get_default_dtype())));

        public Tensor xlogy_(Tensor y) => Operations.Update(this, x => x.xlogy(y));

        public Tensor xlogy_(Scalar y) => Operations.Update(this, x => x.xlogy(y));

        private static Tensor where(Tensor condition, Tensor a, Tensor b) => Operations.Where(condition, a, b);

        /// <summary>ln(eᵃ + eᵇ), around the larger one.</summary>
        public Tensor logaddexp(Tensor other) => Compose(() =>
        {
            if (dtype != other.dtype)
            {
                var type = Operations.CommonType(this, other);
                return As(type).logaddexp(other.As(type));
            }
            var top = maximum(other);
            var equal = eq(other).logical_and(detach().isinf());
            var distance = where(equal, torch.zeros_like(top), this - other);
            return top + (-distance.abs()).exp().log1p();
        });

        public Tensor logaddexp2(Tensor other) => Compose(() =>
        {
            var type = Operations.CommonType(this, other);
            return (As(type) * Math.Log(2)).logaddexp(other.As(type) * Math.Log(2)) / Math.Log(2);
        });

        /// <summary>ln(p / (1 − p)); with eps, p is cut to [eps, 1 − eps].</summary>
        public Tensor logit(double? eps = null) => Operations.Logit(this, eps);

        public Tensor logit_(double? eps = null) => Operations.Update(this, x => x.logit(eps));

        /// <summary>0 for negative, 1 for positive elements, the value of other at 0.</summary>
        public Tensor heaviside(Tensor other) => dtype != other.dtype ? throw new ExternalException($"heaviside is not yet implemented for tensors with different dtypes: {dtype} and {other.dtype}.")
            : Compose(() => where(eq(0), other, gt(0).to(dtype)));

        public Tensor heaviside_(Tensor other) => requires_grad ? throw new ExternalException("derivative for heaviside_ is not implemented")
            : Operations.Update(this, x => x.heaviside(other));

        public Tensor sinc() => Compose(() =>
        {
            // Rounded to few bits, π·x would be another angle.
            if (dtype.IsReduced())
                return to(ScalarType.Float32).sinc().to(dtype);
            var angle = this * Math.PI;
            var atZero = eq(0);
            var safe = where(atZero, torch.ones_like(angle), angle);
            return where(atZero, 1 - angle * angle / 6, safe.sin() / safe);
        });

        public Tensor sinc_() => Operations.Update(this, x => x.sinc());

        public Tensor i0() => Operations.Unary(UnaryOperations.I0, this);

        public Tensor i0_() => Operations.UnaryInto(UnaryOperations.I0, this);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) => Operations.Update(this, x => x.nan_to_num(nan, posinf, neginf));

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
        {
            if (!dtype.IsFloating())
                return clone();
            var (low, high) = dtype switch
            {
                ScalarType.Float32 => ((double)float.MinValue, (double)float.MaxValue),
                ScalarType.Float16 => ((double)Half.MinValue, (double)Half.MaxValue),
                ScalarType.BFloat16 => ((double)BFloat16.MinValue, (double)BFloat16.MaxValue),
                _ => (double.MinValue, double.MaxValue),
            };
            return Compose(() => masked_fill(isnan(), nan).masked_fill(isposinf(), posinf ?? high).masked_fill(isneginf(), neginf ?? low));
        }

        public Tensor nansum() => Compose(() => masked_fill(isnan(), 0).sum());

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) => Compose(() =>
        {
            if (!this.dtype.IsFloating())
                throw new ExternalException($"nanmean(): expected input to have floating point or complex dtype but got {this.dtype}");
            long[] dims = dim is { } d ? [d] : [];
            var total = masked_fill(isnan(), 0).sum(dims, keepdim, dtype);
            return total / isnan().logical_not().sum(dims, keepdim);
        });

        /// <summary>Greatest common divisor.</summary>
        public Tensor gcd(Tensor other) => Integers(other, static (a, b) =>
        {
            while (b != 0)
                (a, b) = (b, b == -1 ? 0 : a % b);
            // The smallest integer has no positive counterpart and stays.
            return a < 0 ? -a : a;
        });

        public Tensor gcd_(Tensor other) => Operations.Update(this, x => x.gcd(other));

        /// <summary>Least common multiple.</summary>
        public Tensor lcm(Tensor other) => Compose(() =>
        {
            if (dtype.IsFloating() || other.dtype.IsFloating())
                throw new ArgumentException($"Arguments to 'lcm' must have integer element types, got {dtype} and {other.dtype}.");
            var divisor = gcd(other);
            return where(divisor.eq(0), torch.zeros_like(divisor), div(where(divisor.eq(0), torch.ones_like(divisor), divisor), RoundingMode.trunc) * other).abs();
        });

        public Tensor lcm_(Tensor other) => Operations.Update(this, x => x.lcm(other));

        private Tensor Integers(Tensor other, Func<long, long, long> f)
        {
            var type = result_type(this, other);
            if (!type.IsIntegral())
                throw new ExternalException($"gcd is not implemented for '{type}'");
            return Compose(() =>
            {
                long[] shape = TorchSharp.Layout.Broadcast(Layout, other.Layout).Shape;
                long[] a = expand(shape).Integers();
                long[] b = other.expand(shape).Integers();
                for (int i = 0; i < a.Length; i++)
                    a[i] = f(a[i], b[i]);
                return tensor(a, shape, device: device).to(type);
            });
        }

        /// <summary>Mantissa in [½, 1) and exponent with this = mantissa·2^exponent.</summary>
        public (Tensor Mantissa, Tensor Exponent) frexp()
        {
            using var scope = DisposeScope.ForTemporaries();
            var exponent = Operations.Map(detach(), static x => x == 0 || !double.IsFinite(x) ? 0 : Math.ILogB(x) + 1);
            return scope.MoveToOuter(Operations.Map(detach(), static x => x == 0 || !double.IsFinite(x) ? x : Math.ScaleB(x, -(Math.ILogB(x) + 1))), exponent.to(ScalarType.Int32));
        }

        /// <summary>ln of the multivariate gamma function of dimension p.</summary>
        public Tensor mvlgamma(long p) => Compose(() =>
        {
            if (!dtype.IsFloating())
                return to(get_default_dtype()).mvlgamma(p);
            var sum = torch.full_like(this, p * (p - 1) / 4.0 * Math.Log(Math.PI));
            for (int j = 0; j < p; j++)
                sum = sum + (this - j / 2.0).lgamma();
            return sum;
        });

        public Tensor mvlgamma_(long p) => Operations.Update(this, x => x.mvlgamma(p));
    }

    public static Tensor signbit(Tensor input) => input.signbit();

    public static Tensor sinc(Tensor input) => input.sinc();

    public static Tensor sinc_(Tensor input) => input.sinc_();

    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);

    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);

    public static Tensor xlogy_(Tensor x, Scalar y) => x.xlogy_(y);

    public static Tensor xlogy_(Tensor x, Tensor y) => x.xlogy_(y);

    public static Tensor lcm(Tensor input, Tensor other) => input.lcm(other);

    public static Tensor lcm_(Tensor input, Tensor other) => input.lcm_(other);

    public static Tensor ldexp(Tensor input, Tensor other) => input.ldexp(other);

    public static Tensor ldexp_(Tensor input, Tensor other) => input.ldexp_(other);

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);

    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);

    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);

    public static Tensor mvlgamma(Tensor input, long p) => input.mvlgamma(p);

    public static Tensor mvlgamma_(Tensor input, long p) => input.mvlgamma_(p);

    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);

    public static Tensor nanmean(Tensor input, int? dim = null, bool keepdim = false, ScalarType? dtype = null) => input.nanmean(dim, keepdim, dtype);

    public static Tensor nansum(Tensor input) => input.nansum();

    public static Tensor positive(Tensor input) => input.positive();

    public static Tensor rad2deg(Tensor input) => input.rad2deg();

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);

    public static Tensor deg2rad_(Tensor input) => input.deg2rad_();

    public static Tensor float_power_(Tensor input, Tensor target) => input.float_power_(target);

    public static Tensor heaviside(Tensor input, Tensor values) => input.heaviside(values);

    public static Tensor heaviside_(Tensor input, Tensor values) => input.heaviside_(values);

    public static Tensor i0_(Tensor input) => input.i0_();

    public static Tensor logit_(Tensor input, double? eps = null) => input.logit_(eps);

    public static Tensor nan_to_num_(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num_(nan, posinf, neginf);

    public static Tensor rad2deg_(Tensor input) => input.rad2deg_();

    public static Tensor deg2rad(Tensor input) => input.deg2rad();

    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);

    public static Tensor frac(Tensor input) => input.frac();

    public static Tensor frac_(Tensor input) => input.frac_();

    public static (Tensor Mantissa, Tensor Exponent) frexp(Tensor input) => input.frexp();

    public static Tensor gcd(Tensor left, Tensor right) => left.gcd(right);

    public static Tensor gcd_(Tensor left, Tensor right) => left.gcd_(right);

    public static Tensor i0(Tensor input) => input.i0();

    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);

    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);

    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);

    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);
}
