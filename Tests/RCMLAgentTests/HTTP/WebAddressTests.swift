import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

struct WebAddressTests {
  @Test func userInfoAndFragmentNeverGoOut() throws {
    // H-6, H-23
    let address = try #require(WebAddress("https://u%40x:p@Web.example:8443/a/b?x=1#rc=2"))
    #expect(address.text == "https://Web.example:8443/a/b?x=1")
    #expect(address.fragment == "rc=2")
    #expect(address.basicAuthorization == Array("Basic dUB4OnA=".utf8))
  }

  @Test(arguments: [
    ("http://a/b/c/d?q", "g", "http://a/b/c/g"),
    ("http://a/b/c/d?q", "./g", "http://a/b/c/g"),
    ("http://a/b/c/d?q", "g/", "http://a/b/c/g/"),
    ("http://a/b/c/d?q", "/g", "http://a/g"),
    ("http://a/b/c/d?q", "//g/x", "http://g/x"),
    ("http://a/b/c/d?q", "?y", "http://a/b/c/d?y"),
    ("http://a/b/c/d?q", "../g", "http://a/b/g"),
    ("http://a/b/c/d?q", "../../../g", "http://a/g"),
    ("http://a/b/c/d?q", "..", "http://a/b/"),
    ("http://a/b/c/d?q", "https://b/x", "https://b/x"),
    ("http://a", "g", "http://a/g"),
  ])
  func aLocationIsFollowedAsTheStandardSays(base: String, reference: String, expected: String)
    throws
  {
    // RFC 3986 §5.4
    let address = try #require(WebAddress(base))
    #expect(address.following(reference)?.text == expected)
  }

  // H-32
  @Test(arguments: [
    ("http://w/cb?who=Jörg", "http://w/cb?who=J%C3%B6rg"),
    ("http://w/grün/ü?q=ä#rc=1", "http://w/gr%C3%BCn/%C3%BC?q=%C3%A4"),
    ("http://w/J%C3%B6rg%20%zz?q=%c3%a4", "http://w/J%C3%B6rg%20%zz?q=%c3%a4"),
    ("http://w/日本", "http://w/%E6%97%A5%E6%9C%AC"), ("http://jörg:p@w/", "http://w/"),
    ("host:/grün?q=ä", "host:/grün?q=ä"),
  ])
  func whatIsBeyondASCIIGoesOutEncodedAndOnlyOnce(url: String, sent: String) throws {
    let address = try #require(WebAddress(url))
    #expect(address.text == sent)
    if !address.isHost { #expect(WebAddress(sent)?.text == sent) }
  }

  // H-32
  @Test(arguments: [
    ("/grün?q=ä", "http://w/gr%C3%BCn?q=%C3%A4"), ("ö", "http://w/a/%C3%B6"),
    ("http://x/ö b?c d", "http://x/%C3%B6%20b?c%20d"), ("?a b", "http://w/a/b?a%20b"),
    ("/%C3%B6%20x", "http://w/%C3%B6%20x"),
  ])
  func aLocationBeyondASCIIIsFollowedEncoded(location: String, sent: String) throws {
    #expect(try #require(WebAddress("http://w/a/b")).following(location)?.text == sent)
  }

  // H-32
  @Test(arguments: ["http://exämple.example/", "http://ex%C3%A4mple.example/", "http://u@ä/"])
  func aHostThatIsNotASCIIIsNotAsked(url: String) throws {
    #expect(WebAddress(url) == nil)
    #expect(try #require(WebAddress("http://w/")).following(url) == nil)
    #expect(try #require(WebAddress("http://w/")).following(String(url.dropFirst(5))) == nil)
  }

  @Test func onlyTheWebAndTheHostAreAsked() {
    // G-18
    for url in [
      "ftp://a/", "file:///etc/passwd", "javascript:x", "/relative", "http:///x", "", "http://a b/",
    ] {
      #expect(WebAddress(url) == nil, "\(url)")
    }
    #expect(WebAddress("host:/screen?x=1")?.text == "host:/screen?x=1")
    #expect(WebAddress("http://a/")?.following("ftp://b/") == nil)
  }

  @Test func aParameterIsAppendedBehindTheUrlsOwn() throws {
    // H-2, H-4, Q-10
    var address = try #require(WebAddress("http://a/x?CallSid=own&b=2"))
    address.append(query: FormEncoding.encode([Parameter("CallSid", "CA1")]))
    #expect(address.text == "http://a/x?CallSid=own&b=2&CallSid=CA1")
  }

  @Test func formsAreEncodedAsBrowsersDo() {
    // H-2
    let form = FormEncoding.encode([
      Parameter("CallerName", "Jörg M+N"), Parameter("To", "sip:alice@example.com:5080"),
    ])
    #expect(
      String(decoding: form, as: UTF8.self)
        == "CallerName=J%C3%B6rg+M%2BN&To=sip%3Aalice%40example.com%3A5080")
  }

  @Test func aFragmentChangesTimesAndRepetitions() {
    // H-23
    var policy = ConnectionPolicy(
      connectTimeout: .seconds(5), attemptTimeout: .seconds(15), totalTimeout: nil, retries: 1,
      retryOn: .connect, firstPause: .zero)
    policy.apply(fragment: "ct=2000&rt=3000&tt=9000&rc=3&rp=5xx,rt&nonsense&rc=9")
    #expect(policy.connectTimeout == .seconds(2))
    #expect(policy.attemptTimeout == .seconds(3))
    #expect(policy.totalTimeout == .seconds(9))
    #expect(policy.retries == 3)
    #expect(policy.repeats(status: 503) && policy.repeats(.timedOut))
    #expect(!policy.repeats(status: 404) && !policy.repeats(.unreachable))
  }
}
