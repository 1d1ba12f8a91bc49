import RCMLBasics
import RCMLDocument
import Testing

/// Relative URLs (spec G-18).
struct ReferenceTests {
  static func resolved(_ reference: String, base: String) -> String? {
    let reading = Read.text(
      "<Response><Dial action=\"\(reference)\">sip:a@h</Dial></Response>", url: base)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind else { return nil }
    return dial.action
  }

  /// RFC 3986 §5.4.1 and §5.4.2; `g:h` and the strict `http:g` are no URLs that can be asked.
  @Test(
    arguments: [
      ("g:h", nil), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
      ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
      ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
      ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
      ("g;x?y#s", "http://a/b/c/g;x?y#s"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
      ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
      ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
      ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"),
      ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
      ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
      ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
      ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
      ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
      ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
      ("http:g", nil),
    ] as [(String, String?)])
  func theExamplesOfTheRFC(reference: String, url: String?) {
    #expect(Self.resolved(reference, base: "http://a/b/c/d;p?q") == url)
  }

  @Test(
    arguments: [
      ("host:doc", "b", "host:b"), ("host:doc/a", "b", "host:doc/b"),
      ("host:/doc/a", "../b", "host:/b"), ("host:doc/a", "/b", "host:/b"),
      ("host:doc/a?x=1", "?y=2", "host:doc/a?y=2"), ("host:doc/a", "./b/../c", "host:doc/c"),
      ("host://h/a", "b", "host://h/b"), ("http://h", "b", "http://h/b"),
      ("http://h?x", "b", "http://h/b"), ("HTTP://H/a", "b", "http://H/b"),
      ("", "b", nil), ("ftp://h/a", "b", nil), ("http:///a", "b", nil),
    ] as [(String, String, String?)])
  func otherBases(base: String, reference: String, url: String?) {
    // RFC 3986 §5.2.3; G-18
    #expect(Self.resolved(reference, base: base) == url)
  }
}
