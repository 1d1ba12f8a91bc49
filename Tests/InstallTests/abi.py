#!/usr/bin/env python3
"""Does Scripts/check-abi see what breaks programs, and let pass what does not? Changes a copy of rcml.h, one at a time."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REFERENCE = os.path.join(ROOT, "Scripts/lib/abi/rcml-reference.h")


class Changes(unittest.TestCase):
    def setUp(self):
        with open(REFERENCE, encoding="utf-8") as file:
            self.text = file.read()

    def verdict(self):
        """What the check says of the header as it is now: status and words."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rcml.h")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.text)
            done = subprocess.run([os.path.join(ROOT, "Scripts/check-abi"), "--header", path],
                                  capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    def change(self, pattern, replacement):
        self.text, count = re.subn(pattern, replacement, self.text, count=1)
        self.assertEqual(count, 1, pattern)

    def refused(self, pattern, replacement, words):
        self.change(pattern, replacement)
        status, said = self.verdict()
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)

    def allowed(self, pattern, replacement):
        self.change(pattern, replacement)
        status, said = self.verdict()
        self.assertEqual(status, 0, said)

    def test_the_reference_is_like_itself(self):
        self.assertEqual(self.verdict()[0], 0)

    def test_a_function_that_is_gone_is_refused(self):
        self.refused(r"RCML_API const char \*rcml_event_name\(int32_t kind\);\n", "", "rcml_event_name")

    def test_another_parameter_is_refused(self):
        self.refused(r"rcml_event_name\(int32_t kind\)", "rcml_event_name(int64_t kind)", "rcml_event_name")

    def test_another_result_is_refused(self):
        self.refused(r"RCML_API const char \*rcml_event_name", "RCML_API int32_t rcml_event_name", "rcml_event_name")

    def test_another_callback_is_refused(self):
        self.refused(r"const rcml_finding \*finding\);", "const rcml_finding *finding, int more);", "rcml_finding")

    def test_a_member_in_the_middle_is_refused(self):
        self.refused(r"int32_t ring_duration;", "int32_t extra; int32_t ring_duration;", "rcml_event.ring_duration has moved")

    def test_a_wider_member_is_refused(self):
        self.refused(r"int32_t ring_duration;", "int64_t ring_duration;", "rcml_event.ring_duration is of another type")

    def test_a_wider_last_member_with_another_behind_it_is_refused(self):
        self.refused(r"  bool ended;\n", "  int64_t ended;\n  int64_t more;\n", "rcml_leg_info.ended")

    def test_a_member_that_is_gone_is_refused(self):
        self.refused(r"  bool bridged;\n", "", "bridged")

    def test_a_member_with_another_name_is_refused(self):
        self.refused(r"  bool bridged;\n", "  bool joined;\n", "bridged")

    def test_another_number_in_an_enum_is_refused(self):
        self.refused(r"RCML_E_HANDLE = -2", "RCML_E_HANDLE = -92", "RCML_E_HANDLE")

    def test_an_enum_value_that_is_gone_is_refused(self):
        self.refused(r"  RCML_EVENT_DIGIT = 7,\n", "", "RCML_EVENT_DIGIT")

    def test_a_macro_that_is_gone_is_refused(self):
        self.refused(r"#define RCML_LEG_INFO_INIT", "#define RCML_LEG_INFO_NEW", "RCML_LEG_INFO_INIT")

    def test_a_type_that_is_gone_is_refused(self):
        self.refused(r"typedef struct rcml_trace_message \{((?:.|\n)*?)\} rcml_trace_message;",
                     r"struct rcml_trace_message {\1};", "the header cannot be read")

    def test_a_function_more_is_allowed(self):
        self.allowed(r"RCML_API const char \*rcml_version", "RCML_API int32_t rcml_more(int32_t a);\n\\g<0>")

    def test_a_struct_more_is_allowed(self):
        self.allowed(r"typedef struct rcml_document \{", "typedef struct rcml_more { int a; } rcml_more;\n\\g<0>")

    def test_an_enum_value_more_is_allowed(self):
        self.allowed(r"  RCML_EVENT_NONE = 0,", "  RCML_EVENT_NONE = 0, RCML_EVENT_MORE = 99,")

    def test_a_member_at_the_end_is_allowed(self):
        self.allowed(r"  bool ended;\n", "  bool ended;\n  int64_t more;\n  char text[12];\n  void (*function)(int);\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:])
