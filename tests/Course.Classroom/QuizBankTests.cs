using System.Text.Json.Nodes;
using Course.Classroom.Quizzes;
using Course.Notebooks;

namespace Course.Classroom.Tests;

public sealed class QuizBankTests(ITestOutputHelper output)
{
    private static readonly QuizLibrary Library = new(SmallCourse.Checkout);

    public static TheoryData<string> Banks => [.. Library.WithBank];

    [Theory]
    [MemberData(nameof(Banks))]
    public void Bank_BelongsToItsChapter_CoversEveryObjective_AndGivesNothingAway(string chapter)
    {
        var notebook = Library.Chapters.Single(n => Path.GetFileNameWithoutExtension(n.Path) == chapter);
        Assert.Equal([], QuizRules.Problems(Library.Bank(chapter), notebook));
    }

    [Theory]
    [MemberData(nameof(Banks))]
    public void Code_ComputesTheNumbers_SolutionsPass_StubsFail(string chapter) =>
        Assert.Equal([], QuizRules.CodeProblems(Library.Bank(chapter)));

    [Fact]
    public void Chapters_WithoutABank_AreTold()
    {
        foreach (var notebook in Library.Chapters.Where(n => !Library.WithBank.Contains(Path.GetFileNameWithoutExtension(n.Path))))
            output.WriteLine($"no questions yet: {Path.GetFileName(notebook.Path)}");
        Assert.Empty(Library.WithBank.Except(Library.Chapters.Select(n => Path.GetFileNameWithoutExtension(n.Path))));
        Assert.Contains("00-tensors", Library.WithBank);
    }

    [Fact]
    public void Rules_FindEachFault()
    {
        var bank = Library.Bank("00-tensors");
        var notebook = Library.Chapters.Single(n => n.Path.EndsWith("00-tensors.ipynb", StringComparison.Ordinal));
        var choice = bank.Items.OfType<ChoiceItem>().First();
        var number = bank.Items.OfType<NumberItem>().First();
        var code = bank.Items.OfType<CodeItem>().First();

        Assert.Contains(QuizRules.Problems(bank with { Objectives = ["other"] }, notebook), p => p.StartsWith("objectives: ", StringComparison.Ordinal));
        Assert.Contains(QuizRules.Problems(bank with { Items = [.. bank.Items.Where(i => i.Objective != 1 || i == choice)] }, notebook), p => p.StartsWith("objective 1 has 1 items", StringComparison.Ordinal));
        Assert.Equal([$"item {choice.Id}, field cells: the notebook has no cell nowhere"], QuizRules.Problems(With(choice with { Cells = ["nowhere"] }), notebook));
        Assert.Equal([$"item {choice.Id}, field cells: learners do not see t-teacher"], QuizRules.Problems(With(choice with { Cells = ["t-teacher"] }), notebook));
        Assert.Contains($"item {choice.Id}, field right: is far longer than every wrong option", QuizRules.Problems(With(choice with { Right = new string('x', 200) }), notebook));
        Assert.Contains(QuizRules.Problems(bank with { Items = [.. bank.Items.Select(i => i is ChoiceItem c ? c with { Right = c.Wrong.MaxBy(w => w.Text.Length)!.Text + "." } : i)] }, notebook), p => p.StartsWith("the right option is the longest", StringComparison.Ordinal));
        Assert.Contains(QuizRules.Problems(bank with { Items = [.. bank.Items.Select(i => i is ChoiceItem c ? c with { Right = "x" } : i)] }, notebook), p => p.StartsWith("the right option is the shortest", StringComparison.Ordinal));

        Assert.Contains($"item {number.Id}, field answer: is", Assert.Single(QuizRules.CodeProblems(One(number with { Answer = number.Answer + 1 }))));
        Assert.Contains($"item {number.Id}, field compute: line 1", Assert.Single(QuizRules.CodeProblems(One(number with { Compute = "nothing" }))));
        Assert.Equal([$"item {code.Id}, field stub: passes the check"], QuizRules.CodeProblems(One(code with { Stub = code.Solution })));
        Assert.Contains($"item {code.Id}, field solution: fails the check: DivideByZeroException", Assert.Single(QuizRules.CodeProblems(One(code with { Check = "1 / int.Parse(\"0\") == 0" }))));

        QuizBank With(QuizItem changed) => bank with { Items = [.. bank.Items.Select(i => i.Id == changed.Id ? changed : i)] };
        QuizBank One(QuizItem item) => bank with { Items = [item] };
    }

    /// <summary>The schema and the reader agree: what the one requires the other misses, and both refuse what is unknown.</summary>
    [Fact]
    public void Reader_NamesFileItemAndField_OfWhateverTheSchemaRequires()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(SmallCourse.Checkout, "data", "quizzes", "schema.json")))!;
        var bank = JsonNode.Parse(File.ReadAllText(Path.Combine(SmallCourse.Checkout, "data", "quizzes", "00-tensors.json")))!;
        foreach (string field in Required(schema))
            Assert.Contains($"bank.json: field {field}: is missing", Refused(root => root.AsObject().Remove(field)));
        Assert.Contains("bank.json: field extra: is unknown", Refused(root => root["extra"] = 1));
        foreach (string kind in new[] { "choice", "number", "code" })
        {
            var definition = schema["$defs"]![kind]!;
            int at = bank["items"]!.AsArray().Select(i => (string)i!["kind"]!).ToList().IndexOf(kind);
            string id = (string)bank["items"]![at]!["id"]!;
            Assert.Equal(Required(definition).Order(), definition["properties"]!.AsObject().Select(p => p.Key).Order());
            foreach (string field in Required(definition).Where(f => f != "id"))
                Assert.Contains($"bank.json, item {id}: field {field}: is missing", Refused(root => root["items"]![at]!.AsObject().Remove(field)));
            Assert.Contains($"bank.json, item {id}: field extra: is unknown", Refused(root => root["items"]![at]!["extra"] = 1));
            Assert.Contains($"bank.json, item {id}: field objective: is 99", Refused(root => root["items"]![at]!["objective"] = 99));
            Assert.Contains($"bank.json, item {id}: field cells: is no list", Refused(root => root["items"]![at]!["cells"] = "t-01"));
        }
        Assert.Contains("field wrong[0].reason: is missing", Refused(root => root["items"]![0]!["wrong"]![0]!.AsObject().Remove("reason")));
        Assert.Contains("field wrong: repeats an option", Refused(root => root["items"]![0]!["right"] = (string)root["items"]![0]!["wrong"]![0]!["text"]!));
        Assert.Contains("field kind: is essay; it is choice, number or code", Refused(root => root["items"]![0]!["kind"] = "essay"));
        Assert.Contains("field id: 2 items have it", Refused(root => root["items"]![1]!["id"] = (string)root["items"]![0]!["id"]!));
        Assert.Contains("bank.json is no JSON", Assert.Throws<ClassroomException>(() => QuizBank.Parse("{", "bank.json")).Message);

        string Refused(Action<JsonNode> change)
        {
            var broken = bank.DeepClone();
            change(broken);
            return Assert.Throws<ClassroomException>(() => QuizBank.Parse(broken.ToJsonString(), "bank.json")).Message;
        }
        static IReadOnlyList<string> Required(JsonNode of) => [.. of["required"]!.AsArray().Select(n => (string)n!)];
    }

    [Fact]
    public void Forms_AskEachObjective_AndShareNoItem()
    {
        foreach (string chapter in Library.WithBank)
        {
            var bank = Library.Bank(chapter);
            var pre = QuizForm.Items(bank, QuizForm.Pre);
            var post = QuizForm.Items(bank, QuizForm.Post);
            Assert.Equal(Enumerable.Range(1, bank.Objectives.Count), pre.Select(i => i.Objective));
            Assert.Equal(Enumerable.Range(1, bank.Objectives.Count).SelectMany(o => new[] { o, o }), post.Select(i => i.Objective));
            Assert.Empty(pre.Intersect(post));
            Assert.DoesNotContain(pre, i => i is CodeItem);
            Assert.Equal(bank.Items.Count, QuizForm.Items(bank, QuizForm.All).Count);
        }
    }

    [Fact]
    public void Options_StandInAnOrderThatIsTheSameEverywhere_WithTheRightOneInEveryPlace()
    {
        var choices = Library.Bank("00-tensors").Items.OfType<ChoiceItem>().Where(c => c.Options.Count == 4).ToList();
        Assert.Equal("edbafc", string.Concat(QuizForm.Shuffled([.. "abcdef"], c => $"{c}")));
        Assert.Equal([0, 1, 2, 3], choices.Select(c => c.Options.ToList().IndexOf(c.Right)).Distinct().Order());
    }
}
