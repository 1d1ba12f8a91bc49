import RCMLAgent

/// What the scripted web server does with one request.
package struct WebReply: Sendable {
  package enum Kind: Sendable {
    case document(String)
    case status(UInt16)
    /// To this path of the same server.
    case redirect(String)
    case unreachable
    case unresolved
    /// Nothing ever comes.
    case silent
    /// A document under a content type that is not its own.
    case lying(String, contentType: String)
    /// Another document each time, in turns.
    case changing([String])
    /// Fails every other time, first of all: 500, then the document, 429, the document, …
    case flapping(String)
    /// More octets than any limit allows.
    case huge
    /// To itself, for ever.
    case circle
    case broken(HTTPFailure)
    /// WAV.
    case sound(code: Int, milliseconds: Int)
    /// This document when the form holds these Digits, and another when it does not.
    case keys(String, right: String, wrong: String)
  }

  package var kind: Kind
  /// Milliseconds until the answer.
  package var delay: Int
  /// What it says of keeping its sound (V-20); names in lower case.
  package var cacheFields: [CacheField] = []

  package init(_ kind: Kind, delay: Int = 20) {
    self.kind = kind
    self.delay = delay
  }

  package struct CacheField: Sendable {
    package var name: String
    package var value: String
  }
}
