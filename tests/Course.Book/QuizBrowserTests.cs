using Course.Classroom.Quizzes;
using Course.Tests.Data;
using Microsoft.Playwright;

namespace Course.Book.Tests;

/// <summary>The page of a chapter's quiz in headless Chromium, opened from disk and answered. Runs where COURSE_TEST_BROWSER is 1.</summary>
public sealed class QuizBrowserTests
{
    [Fact]
    public async Task Quiz_AnsweredInABrowser_MarksExplainsAndSavesTheAnswers()
    {
        Chromium.SkipUnlessAskedFor();
        string axe = await Axe.ScriptAsync();
        using var folder = new TemporaryFolder();
        var bank = new QuizLibrary(SmallRun.Repository).Bank("03");
        var items = QuizForm.Items(bank, QuizForm.All);
        File.WriteAllText(folder.File("quiz.html"), QuizPage.Html(bank, QuizForm.All));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.StartAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 375, Height = 800 }, AcceptDownloads = true });
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                complaints.Add($"asked {request.Url}");
        };
        await page.GotoAsync(new Uri(folder.File("quiz.html")).AbsoluteUri);

        // All right but the first choice.
        var wrong = items.OfType<ChoiceItem>().First();
        foreach (var item in items)
        {
            var field = page.Locator($"[id='item-{item.Id}']");
            switch (item)
            {
                case ChoiceItem choice:
                    string option = choice == wrong ? choice.Wrong[0].Text : choice.Right;
                    await field.Locator("input[type=radio]").Nth(choice.Options.ToList().IndexOf(option)).ClickAsync();
                    break;
                case NumberItem number:
                    await field.Locator("input").FillAsync(number.Answer.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case CodeItem code:
                    await field.Locator("textarea").FillAsync(code.Solution);
                    break;
            }
        }
        await page.Locator("#learner").FillAsync("A 7");
        await page.Locator("#check").ClickAsync();

        int marked = items.Count(i => i is not CodeItem);
        Assert.Equal($"{marked - 1} of {marked} right.", await page.Locator("#score").TextContentAsync());
        string told = (await page.Locator($"[id='item-{wrong.Id}'] .verdict").TextContentAsync())!;
        Assert.StartsWith($"No. {wrong.Wrong[0].Reason}", told);
        Assert.Equal(items.Count, await page.Locator(".verdict:visible").CountAsync());

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#save").ClickAsync());
        Assert.Equal("03-linear-regression-all-A_7.json", download.SuggestedFilename);
        await download.SaveAsAsync(folder.File("sheet.json"));
        var sheet = AnswerSheet.Read(folder.File("sheet.json"));
        Assert.Equal((marked - 1, 1, items.Count - marked), (sheet.Answers.Count(a => a.Right == true), sheet.Answers.Count(a => a.Right == false), sheet.Answers.Count(a => a.Right is null)));

        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 375, "the page scrolls sideways on a phone");
        await page.AddScriptTagAsync(new() { Path = axe });
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            complaints.AddRange((await Axe.BarriersAsync(page, onlyContrast: false)).Select(b => $"{theme}: {b}"));
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(Path.Combine(SmallRun.Repository, "artifacts", "browser")).FullName, "quiz.png"), FullPage = true });
        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
    }
}
