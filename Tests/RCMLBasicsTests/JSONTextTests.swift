import RCMLBasics
import Testing

/// RFC 8259 §7: what must be escaped is, and nothing else.
@Test func aJSONObjectHoldsItsMembersInOrder() {
  var inner = JSONText()
  inner.add("ok", true)
  var object = JSONText()
  #expect(object.text == "{}")
  object.add("text", "\"\\\n\r\t\u{1}\u{1f}é€</script>")
  object.add("number", -7)
  object.addUnlessEmpty("empty", "")
  object.add("words", ["a", "b"])
  object.add("object", inner)
  object.add("objects", [inner, JSONText()])
  #expect(
    object.text
      == #"{"text":"\"\\\n\r\t\u0001\u001fé€</script>","number":-7,"words":["a","b"],"#
      + #""object":{"ok":true},"objects":[{"ok":true},{}]}"#)
}
