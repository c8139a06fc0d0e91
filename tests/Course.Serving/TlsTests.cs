using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Course.Serving.Inference;
using Grpc.Net.Client;

namespace Course.Serving.Tests;

public sealed class TlsTests
{
    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Trusts this one certificate and no other.</summary>
    private static SocketsHttpHandler Trusting(X509Certificate2 certificate) => new()
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, given, _, _) => given?.GetCertHashString() == certificate.GetCertHashString() },
    };

    [Fact]
    public async Task Service_WithACertificate_SpeaksRestAndGrpcOnOnePortAndNothingWithoutTls()
    {
        using var certificate = Certificate();
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Certificate = certificate });
        Assert.Equal(("https", service.Url), (service.Url.Scheme, service.GrpcUrl));
        using var http = new HttpClient(Trusting(certificate)) { BaseAddress = service.Url };

        using var answer = await http.PostAsync("/v1/predict", new StringContent("{\"input\": [255, 153]}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Contains("\"bright\"", await answer.Content.ReadAsStringAsync());
        using var channel = GrpcChannel.ForAddress(service.Url, new() { HttpHandler = Trusting(certificate) });
        Assert.True((await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ServerReadyAsync(new())).Ready);

        using var suspicious = new HttpClient { BaseAddress = service.Url };
        await Assert.ThrowsAsync<HttpRequestException>(() => suspicious.GetAsync("/health"));
        Assert.Equal(0, (await RawRequest.SendAsync(service.Url, "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).Status);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Service_WithACertificate_SpeaksNoOldTls()
    {
        using var certificate = Certificate();
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Certificate = certificate });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        await using var tls = new SslStream(socket.GetStream());

#pragma warning disable SYSLIB0039, CA5397 // An old version is what is tried here.
        var old = new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls11, RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore SYSLIB0039, CA5397
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(old));
    }

    [Fact]
    public async Task Start_WithACertificateAndAGrpcPort_SaysWhichOneIsNotNeeded()
    {
        using var certificate = Certificate();

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { Certificate = certificate, GrpcPort = 0 }));

        Assert.Contains("gRPC is spoken at Port", fault.Message);
    }
}
