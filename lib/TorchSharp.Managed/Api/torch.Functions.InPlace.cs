namespace TorchSharp;

public static partial class torch
{
    // Functions that change their first argument.
    public static Tensor copysign_(Tensor input, Tensor other) => input.copysign_(other);

    public static Tensor deg2rad_(Tensor input) => input.deg2rad_();

    public static Tensor exp2_(Tensor input) => input.exp2_();

    public static Tensor float_power_(Tensor input, Tensor target) => input.float_power_(target);

    public static Tensor heaviside(Tensor input, Tensor values) => input.heaviside(values);

    public static Tensor heaviside_(Tensor input, Tensor values) => input.heaviside_(values);

    public static Tensor i0_(Tensor input) => input.i0_();

    public static Tensor logit_(Tensor input, double? eps = null) => input.logit_(eps);

    public static Tensor nan_to_num_(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num_(nan, posinf, neginf);

    public static Tensor nextafter_(Tensor input, Tensor other) => input.nextafter_(other);

    public static Tensor rad2deg_(Tensor input) => input.rad2deg_();
}
