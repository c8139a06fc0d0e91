using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Course.Cli.Tests.Classroom;

/// <summary>A learner as their browser is one: logs in, starts the server, opens a kernel, runs cells.</summary>
internal sealed class HubLearner(Uri hub, string name, string password) : IAsyncDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly ClientWebSocket _socket = new();
    private HttpClient _client = null!;

    public string Name => name;

    /// <summary>Logs in and waits until the learner's own server answers.</summary>
    public async Task StartAsync(CancellationToken deadline)
    {
        _client = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = hub, Timeout = TimeSpan.FromSeconds(100) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = name, ["password"] = password });
        using var login = await _client.PostAsync("hub/login", form, deadline);
        // Who is refused sees the form again.
        if (!login.IsSuccessStatusCode || login.RequestMessage!.RequestUri!.AbsolutePath.EndsWith("/hub/login", StringComparison.Ordinal))
            throw new UnauthorizedAccessException($"{name}: logging in gave {(int)login.StatusCode}");
        using var spawn = await _client.GetAsync("hub/spawn", deadline);
        while (true)
        {
            // The way of a browser: to the hub for a ticket, and back.
            using var answer = await _client.GetAsync($"user/{name}/tree", deadline);
            if (answer.IsSuccessStatusCode && answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith($"/user/{name}/", StringComparison.Ordinal))
                return;
            await Task.Delay(200, deadline);
        }
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return answer.RequestMessage!.RequestUri!.AbsolutePath.Contains("/hub/", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : answer.StatusCode;
    }

    public async Task<JsonNode> GetAsync(string path) => (await _client.GetFromJsonAsync<JsonNode>(path))!;

    public async Task OpenKernelAsync(CancellationToken deadline)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"user/{name}/api/sessions") { Content = JsonContent.Create(new { path = "00-tensors.ipynb", name = "", type = "notebook", kernel = new { name = ".net-csharp" } }) };
        request.Headers.Add("X-XSRFToken", _cookies.GetCookies(new Uri(hub, $"user/{name}/"))["_xsrf"]?.Value);
        using var answer = await _client.SendAsync(request, deadline);
        string text = await answer.Content.ReadAsStringAsync(deadline);
        Assert.True(answer.IsSuccessStatusCode, $"{name}: a kernel gave {(int)answer.StatusCode} {text}");
        _socket.Options.Cookies = _cookies;
        _socket.Options.SetRequestHeader("Origin", hub.GetLeftPart(UriPartial.Authority));
        await _socket.ConnectAsync(new Uri($"ws://{hub.Authority}/user/{name}/api/kernels/{JsonNode.Parse(text)!["kernel"]!["id"]}/channels?session_id={Guid.NewGuid():N}"), deadline);
    }

    /// <summary>The status of the reply and all texts that the cell showed.</summary>
    public async Task<(string Status, string Text)> RunAsync(string code, CancellationToken deadline)
    {
        string id = Guid.NewGuid().ToString("N");
        var message = new JsonObject
        {
            ["channel"] = "shell",
            ["header"] = new JsonObject { ["msg_id"] = id, ["msg_type"] = "execute_request", ["session"] = "hub-test", ["username"] = name, ["version"] = "5.3", ["date"] = DateTime.UtcNow.ToString("O") },
            ["parent_header"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
            ["buffers"] = new JsonArray(),
            ["content"] = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false, ["stop_on_error"] = false },
        };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, deadline);
        var text = new StringBuilder();
        string? status = null;
        // The reply and the end of the cell's output come by two ways, in either order.
        for (bool idle = false; status is null || !idle;)
        {
            var received = await ReceiveAsync(deadline);
            if ((string?)received["parent_header"]?["msg_id"] != id)
                continue;
            var content = received["content"]!;
            switch ((string?)received["header"]?["msg_type"] ?? (string?)received["msg_type"])
            {
                case "execute_reply":
                    status = (string)content["status"]!;
                    break;
                case "status":
                    idle = (string?)content["execution_state"] == "idle";
                    break;
                case "stream":
                    text.Append(content["text"]);
                    break;
                case "execute_result" or "display_data":
                    text.Append(content["data"]?["text/plain"]).Append('\n');
                    break;
                case "error":
                    text.Append(content["ename"]).Append(": ").Append(content["evalue"]).Append('\n');
                    break;
            }
        }
        return (status, text.ToString());
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken deadline)
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, deadline);
            Assert.True(part.MessageType != WebSocketMessageType.Close, $"{name}: the kernel's connection was closed");
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(Encoding.UTF8.GetString(whole.ToArray()))!;
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }
}
