"""The conformance suite of Debian's python3-jupyter-kernel-test, with a C# sample for each of its tests.

Usage: conformance.py KERNEL_NAME. Prints one JSON object: run, skipped, failed, problems.
"""
import json
import sys
import unittest

import jupyter_kernel_test


class CSharpKernel(jupyter_kernel_test.KernelTests):
    kernel_name = sys.argv[1]
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("a warning");'
    completion_samples = [
        {"text": "Math.Sqr", "matches": {"Sqrt"}},
        {"text": 'var text = "abc";\ntext.ToUpperI', "matches": {"ToUpperInvariant"}},
        {"text": "Console.", },
    ]
    complete_code_samples = ["1 + 1", "var x = 1;", "for (var i = 0; i < 3; i++)\n{\n}", "// only a comment", "int F(int n) => n * n;", "?Math.Sqrt"]
    incomplete_code_samples = ["for (var i = 0; i < 3; i++)\n{", "Console.WriteLine(", "class A\n{\n    int b;", "/* open"]
    invalid_code_samples = ["var = = 3;", "int 5x = 3;"]
    code_page_something = "?Math.Sqrt"
    code_generate_error = 'throw new InvalidOperationException("as intended");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": 'HTML("<b>bold</b>")', "mime": "text/html", "result": "<b>bold</b>"},
    ]
    code_display_data = [
        {"code": 'display(HTML("<i>slanted</i>"));', "mime": "text/html"},
        {"code": '"# title".DisplayAs("text/markdown");', "mime": "text/markdown"},
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"


result = unittest.TestResult()
# Sub-tests that are skipped count as well: nothing may be left out.
unittest.defaultTestLoader.loadTestsFromTestCase(CSharpKernel).run(result)
print(json.dumps({
    "run": result.testsRun,
    "skipped": len(result.skipped),
    "failed": len(result.failures) + len(result.errors),
    "problems": [f"{test}: {text}" for test, text in result.failures + result.errors + result.skipped],
}))
