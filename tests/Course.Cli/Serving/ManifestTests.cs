using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Xml.Linq;
using Course.Base;
using Course.Cli.Serving;
using Course.Cli.Tests.Commands;
using Course.Serving;
using Course.Tests.Data;
using k8s.Models;
using YamlDotNet.Core;

namespace Course.Cli.Tests.Serving;

/// <summary>The manifests fit the API, one another, and the service that their command line starts.</summary>
public sealed class ManifestTests
{
    private static readonly List<object> Kubernetes = Manifests.Parse(Manifests.Text("kubernetes.yaml"));
    private static readonly InferenceService KServe = Manifests.Parse(Manifests.Text("kserve.yaml")).Only<InferenceService>();

    private static V1Deployment Deployment => Kubernetes.Only<V1Deployment>();

    private static V1Container Container => Assert.Single(Deployment.Spec.Template.Spec.Containers);

    private static V1Container Predictor => Assert.Single(KServe.Spec!.Predictor!.Containers!);

    [Theory]
    [InlineData("kubernetes.yaml", "maxUnavailable: 0", "maxUnavailble: 0")]
    [InlineData("kubernetes.yaml", "readOnlyRootFilesystem:", "readOnlyRootFileSystem:")]
    [InlineData("kubernetes.yaml", "averageValue:", "averageValeu:")]
    [InlineData("kserve.yaml", "minReplicas:", "minReplica:")]
    [InlineData("kserve.yaml", "readinessProbe:", "readyProbe:")]
    public void Manifest_WithAMisspeltField_IsRefused(string name, string field, string misspelt)
    {
        string text = Manifests.Text(name);
        Assert.Contains(field, text);

        Assert.Throws<YamlException>(() => Manifests.Parse(text.Replace(field, misspelt)));
    }

    [Fact]
    public void Parts_PointAtOneAnother()
    {
        var pod = Deployment.Spec.Template;
        Assert.Equal(pod.Metadata.Labels, Deployment.Spec.Selector.MatchLabels);
        Assert.Equal(pod.Metadata.Labels, Kubernetes.Only<V1Service>().Spec.Selector);
        Assert.Equal(pod.Metadata.Labels, Kubernetes.Only<V1PodDisruptionBudget>().Spec.Selector.MatchLabels);
        Assert.Equal(pod.Metadata.Labels, Kubernetes.Only<V1NetworkPolicy>().Spec.PodSelector.MatchLabels);
        var scaled = Kubernetes.Only<V2HorizontalPodAutoscaler>().Spec.ScaleTargetRef;
        Assert.Equal((Deployment.Kind, Deployment.Metadata.Name), (scaled.Kind, scaled.Name));
        Assert.Null(Deployment.Spec.Replicas);

        string port = Assert.Single(Container.Ports).Name;
        Assert.Equal(port, $"{Assert.Single(Kubernetes.Only<V1Service>().Spec.Ports).TargetPort}");
        Assert.Equal(port, $"{Assert.Single(Assert.Single(Kubernetes.Only<V1NetworkPolicy>().Spec.Ingress).Ports).Port}");
        Assert.All(Probes(Container), probe => Assert.Equal(port, $"{probe.HttpGet.Port}"));
        Assert.Equal([.. pod.Spec.Volumes.Select(volume => volume.Name).Order()], Container.VolumeMounts.Select(mount => mount.Name).Order());
    }

    /// <summary>A secret's files belong to root; the service is another user, which reads them by their group.</summary>
    [Fact]
    public void Secrets_AreReadableByTheServicesUser()
    {
        Assert.Equal(1654, Deployment.Spec.Template.Spec.SecurityContext.FsGroup);
        Assert.Equal(1654, KServe.Spec!.Predictor!.SecurityContext!.FsGroup);
    }

    [Fact]
    public void Replicas_AreNeverAllAway()
    {
        Assert.Equal("0", $"{Deployment.Spec.Strategy.RollingUpdate.MaxUnavailable}");
        Assert.True(Kubernetes.Only<V2HorizontalPodAutoscaler>().Spec.MinReplicas >= 2);
        // The command drains for four seconds after it was told to stop.
        Assert.True(Deployment.Spec.Template.Spec.TerminationGracePeriodSeconds > Container.Lifecycle.PreStop.Sleep.Seconds + 5);
    }

    [Fact]
    public void Containers_HaveNoMoreRightsThanTheyNeed()
    {
        Assert.All(new[] { Container, Predictor }, container =>
        {
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.All(container.VolumeMounts, mount => Assert.True(mount.ReadOnlyProperty));
            Assert.Contains("memory", container.Resources.Limits.Keys);
            Assert.Contains("cpu", container.Resources.Requests.Keys);
        });
        var pod = Deployment.Spec.Template.Spec;
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(Predictor.SecurityContext.RunAsNonRoot);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
    }

    [Fact]
    public void Image_IsTheOneThatIsBuilt()
    {
        var project = XDocument.Load(Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "lib", "Course.Cli", "Course.Cli.csproj"));
        string Property(string name) => project.Descendants(name).Single().Value;
        string user = Property("ContainerUser"), file = Manifests.Text("Dockerfile");

        Assert.All(new[] { Container, Predictor }, container => Assert.Equal($"{Property("ContainerRepository")}:{Property("ContainerImageTag")}", container.Image));
        Assert.Contains($"\nFROM {Property("ContainerBaseImage")}\n", file);
        Assert.Contains($"\nUSER {user}\n", file);
        Assert.Equal(user, $"{Deployment.Spec.Template.Spec.SecurityContext.RunAsUser}");
        Assert.Equal(user, $"{Predictor.SecurityContext.RunAsUser}");
        string port = project.Descendants("ContainerPort").Single().Attribute("Include")!.Value;
        Assert.Contains($"\nEXPOSE {port}\n", file);
        Assert.All(new[] { Container, Predictor }, container => Assert.Equal(port, $"{Assert.Single(container.Ports).ContainerPort}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CommandLine_StartsAServiceThatAnswersTheProbesAndServesTheMetric(bool kserve)
    {
        var container = kserve ? Predictor : Container;
        string[] arguments = [.. container.Args];
        Assert.Empty(ServeCommand.Create().Parse(arguments[1..]).Errors);
        Assert.Equal($"{container.Ports[0].ContainerPort}", arguments[Array.IndexOf(arguments, "--port") + 1]);

        using var folder = new TemporaryFolder();
        ExportCommandTests.Artefact(Architectures.Reference).Save(folder.File("digits.csmodel"));
        string secret = Door(folder);
        // The paths of the container become those of the folder; the port is any, and reached from this machine only.
        string[] local = [.. arguments.Select(argument => argument switch
        {
            "0.0.0.0" => "127.0.0.1",
            "8080" => "0",
            ['/', ..] => folder.File(Path.GetFileName(argument)),
            _ => argument,
        }), "--json"];
        using var process = CourseProcess.Start(folder.Path, local);
        try
        {
            // Read, so that the pipe never fills.
            _ = process.StandardError.ReadToEndAsync();
            string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
            string url = JsonDocument.Parse(Assert.IsType<string>(line)).RootElement.GetProperty("url").GetString()!;
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = new Uri(url) };

            foreach (var probe in Probes(container))
            {
                Assert.Equal(new Uri(url).Scheme, probe.HttpGet.Scheme, ignoreCase: true);
                using var asked = new HttpRequestMessage(HttpMethod.Get, probe.HttpGet.Path);
                asked.Headers.Host = Assert.Single(probe.HttpGet.HttpHeaders, header => header.Name == "Host").Value;
                using var answer = await client.SendAsync(asked);
                Assert.True(answer.IsSuccessStatusCode, $"{probe.HttpGet.Path}: {answer.StatusCode}");
            }
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            string metric = Assert.Single(Kubernetes.Only<V2HorizontalPodAutoscaler>().Spec.Metrics).Pods.Metric.Name;
            Assert.Contains((await client.GetStringAsync("/metrics")).Split('\n'), text => text.StartsWith(metric, StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static V1Probe[] Probes(V1Container container) => [.. new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.OfType<V1Probe>()];

    /// <summary>The secret "digits-door": a certificate with its key, and a file of keys.</summary>
    private static string Door(TemporaryFolder folder)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder.File("tls.pem"), $"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}\n");
        ApiKeyFile.Add(folder.File("keys.json"), ApiKey.Create(KeyScopes.Admin, out string secret));
        return secret;
    }
}
