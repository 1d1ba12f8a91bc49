/// The stable name of a finding, as scripts and people know it (`bare-ampersand`).
public enum FindingCode: String, Hashable, Sendable, CaseIterable {
  case bareAmpersand = "bare-ampersand"
  case leadingSpace = "leading-space"
  case missingResponse = "missing-response"
  case unknownVerb = "unknown-verb"
  /// A verb of another platform (spec D-28).
  case unsupportedVerb = "unsupported-verb"
  /// A verb that has nothing to do: a Say without words, a Play without a URL.
  case emptyVerb = "empty-verb"
  /// An element inside one that takes none (spec D-27, V-21).
  case unknownElement = "unknown-element"
  case unknownAttribute = "unknown-attribute"
  /// An attribute of another platform, or one that asks for what is not served (spec D-31).
  case unsupportedAttribute = "unsupported-attribute"
  case invalidAttribute = "invalid-attribute"
  case invalidURL = "invalid-url"
  case unsupportedNoun = "unsupported-noun"
  /// A Dial that calls nobody (spec D-32).
  case noTarget = "no-target"
  case tooManyTargets = "too-many-targets"
  case duplicateTarget = "duplicate-target"
  case forbiddenHeader = "forbidden-header"
  case headerInjection = "header-injection"
  case invalidHeader = "invalid-header"
  case invalidTarget = "invalid-target"
  /// The host's target policy says no (spec Y-1).
  case targetDenied = "target-denied"
  case invalidCallerID = "invalid-caller-id"
  case unsupportedTransport = "unsupported-transport"
  case ignoredText = "ignored-text"
  case missingPassword = "missing-password"
  /// An attribute that another element has.
  case misplacedAttribute = "misplaced-attribute"
  /// An attribute that does nothing without another one.
  case uselessAttribute = "useless-attribute"
  case unreachableVerb = "unreachable-verb"
  /// A status callback was given up (spec K-12).
  case callbackFailed = "callback-failed"
  /// A phone would not be joined to the other's media.
  case mediaRefused = "media-refused"
  /// Two send as one party does, and nothing tells which of them it is (spec U-67).
  case secondSender = "second-sender"
  /// A party outside is shown an address that only an inner network knows (spec U-64).
  case innerAddress = "inner-address"

  // Told while a call runs.
  case documentError = "document-error"
  case requestFailed = "request-failed"
  /// The host does not allow a URL (spec Y-4).
  case urlDenied = "url-denied"
  case tooManyDocuments = "too-many-documents"
  /// It has lasted as long as a call may (spec Y-11).
  case callTooLong = "call-too-long"
  case tooManyDials = "too-many-dials"
  case tooManyHeaders = "too-many-headers"
  case dialNotAllowed = "dial-not-allowed"
  case hopLimit = "hop-limit"
  /// Max-Breadth is used up (spec Y-6).
  case breadthLimit = "breadth-limit"
  case noSpeech = "no-tts"
  case playFailed = "play-failed"
  case noDigits = "no-digits"
  case noRecorder = "no-recorder"
  /// The disk did not take all of a recording in time: there it is silent (spec Y-7).
  case recordingGaps = "recording-gaps"

  // Told by the reactor.
  case journalFailed = "journal-failed"
  case eventsLost = "events-lost"
  /// The disk takes octets slower than they come (spec Y-7).
  case diskBehind = "disk-behind"
  case journalGap = "journal-gap"
  /// A full disk takes no more of the journal, or takes it again (spec Y-7).
  case journalWaits = "journal-waits"
  /// A full disk takes no more recordings (spec Y-7).
  case diskFull = "disk-full"
  /// Certificates, or what belongs to them, cannot be read again (spec T-9).
  case tlsFiles = "tls-files"

  /// A limit refused something (spec Y-13).
  case limitReached = "limit-reached"
}
