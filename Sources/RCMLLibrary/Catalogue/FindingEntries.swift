import RCMLDocument

/// The catalogue's entries for findings: numbers in the families people know (spec G-22: 112xx retrieval, 121xx
/// documents, 132xx Dial and its attributes).
enum FindingEntries {
  static func entry(_ code: FindingCode) -> CatalogueWords {
    let (number, text, cause, fix) = words(code)
    return CatalogueWords(code: number, name: code.rawValue, text: text, cause: cause, fix: fix)
  }

  static var all: [CatalogueWords] {
    FindingCode.allCases.map(entry).sorted { $0.code < $1.code }
  }

  static func number(_ code: FindingCode) -> Int32 { words(code).0 }

  private typealias Words = (Int32, String, String, String)

  private static func words(_ code: FindingCode) -> Words {
    retrieval(code) ?? document(code) ?? attribute(code) ?? dial(code) ?? headers(code)
      ?? media(code) ?? agent(code) ?? unlisted(code)
  }

  private static func retrieval(_ code: FindingCode) -> Words? {
    switch code {
    case .requestFailed:
      (
        11200, "A web request failed.",
        "The server cannot be reached, was too slow, or answered with an error.",
        "Open the URL by hand; look at the server's log; the text names the reason."
      )
    case .callbackFailed:
      (
        11205, "A status callback was given up.",
        "The server did not take it, also not when it was sent again.",
        "Answer callbacks with any 2xx status, sooner than callback_timeout."
      )
    case .invalidURL:
      (
        11210, "A URL cannot be used.",
        "It is relative without a base, of another scheme, or not a URL.",
        "Write http:, https: or host: URLs, or set base_url."
      )
    case .urlDenied:
      (
        11211, "A URL was not requested: the host does not allow it.",
        "The program that runs the calls was asked (setting ask_urls) and said no.",
        "Use another URL, or let the program allow this one."
      )
    case .tooManyDocuments:
      (
        11215, "Documents lead to documents without doing anything, or without end.",
        "A Redirect or action answers with itself, or what it does fails at once.",
        "End the circle with a verb that does something; max_documents_per_call is how many one call may run."
      )
    case .callTooLong:
      (
        11216, "A call lasted as long as a call may.",
        "Its documents never end it, or a party forgot to hang up.",
        "End it by a document, or give max_call_duration another value (0 = no end)."
      )
    default: nil
    }
  }

  private static func document(_ code: FindingCode) -> Words? {
    switch code {
    case .documentError:
      (
        12100, "The document cannot be read.",
        "Broken XML, a DOCTYPE, an unknown encoding, or too much of it.",
        "The line and column show where; the text says what stands there."
      )
    case .missingResponse:
      (
        12101, "The document has no <Response>.", "The outermost element has another name.",
        "Put the verbs between <Response> and </Response>."
      )
    case .bareAmpersand:
      (
        12102, "An & stands for itself.", "XML wants &amp;; it was read as if that stood there.",
        "Write &amp; in URLs and texts."
      )
    case .leadingSpace:
      (
        12103, "Something stands before the XML declaration.", "White space or a line break.",
        "Begin with <?xml."
      )
    case .ignoredText:
      (
        12202, "Text stands where none belongs.", "It was ignored.",
        "Put it into the element it is meant for."
      )
    case .unknownVerb:
      (
        12200, "There is no such verb.",
        "A misspelled name, or a verb of another platform; it was skipped.",
        "Names are written with a capital: Dial, Say, Play."
      )
    case .unsupportedVerb:
      (
        12206, "A verb of another platform.", "It is not served here and was skipped.",
        "Leave it out, or do the same with the verbs that are served."
      )
    case .unknownElement:
      (
        12208, "An element stands where none belongs.",
        "The element around it takes text alone, or other elements.",
        "Put it where it is meant to stand, or remove it."
      )
    case .emptyVerb:
      (
        12209, "There is nothing to do.",
        "A document without verbs, Say without words, or Play without a URL.",
        "Write what is to be said or played as the text of the element."
      )
    case .unreachableVerb:
      (
        12205, "A verb may never be reached.",
        "The verb before it ends the call, or goes on with another document.",
        "Move it before that verb; as a fallback for failed requests it may stay."
      )
    default: nil
    }
  }

  private static func attribute(_ code: FindingCode) -> Words? {
    switch code {
    case .unsupportedAttribute:
      (
        12207, "An attribute that is not served here.",
        "Another platform has it, or it asks for something nobody here can do; it was ignored.",
        "Leave it out, or do without what it asks for."
      )
    case .unknownAttribute:
      (
        12201, "There is no such attribute here.", "A misspelled name; it was ignored.",
        "Write the name that the text offers, or remove the attribute."
      )
    case .misplacedAttribute:
      (
        12203, "An attribute stands on the wrong element.",
        "Another element has it; here it is ignored.",
        "Move it to the element that the text names."
      )
    case .uselessAttribute:
      (
        12204, "An attribute does nothing here.",
        "It belongs to another attribute that is missing.",
        "Add the attribute that the text names, or remove this one."
      )
    case .invalidAttribute:
      (
        13212, "An attribute has a value it cannot have.",
        "A number out of its range, or a word that is none of the list.",
        "The text says which values are possible, and which one was taken."
      )
    default: nil
    }
  }

  private static func dial(_ code: FindingCode) -> Words? {
    switch code {
    case .dialNotAllowed:
      (
        13201, "A Dial may not stand here.", "A screening document cannot dial.",
        "Use Say, Play, Gather and Hangup there."
      )
    case .tooManyDials:
      (
        13202, "Too many Dials in one call.", "The documents dial again and again.",
        "Raise max_dials_per_call, or end the call."
      )
    case .unsupportedNoun:
      (
        13221, "Nobody here can dial this noun.",
        "A Number or Client needs a setting that says how; others only the host knows.",
        "Set number_uri or client_uri; or use <Sip>; or answer the event target (setting ask_targets)."
      )
    case .invalidTarget:
      (
        13224, "A target cannot be dialled.", "What stands there is no SIP URI.",
        "Write sip:user@host, without white space and display name."
      )
    case .unsupportedTransport:
      (
        13225, "A target asks for a transport that is not here.",
        "Only udp, tcp and tls are built in; sips: goes over tls alone.",
        "Leave the transport parameter out, or write transport=tcp."
      )
    case .invalidCallerID:
      (
        13214, "callerId cannot be used.", "It is neither a number or name nor a SIP URI.",
        "Write a number, or sip:user@host."
      )
    case .targetDenied:
      (
        13228, "A target was not dialled.", "The host's target policy does not allow it.",
        "Allow it where the event target is answered, or dial another."
      )
    case .missingPassword:
      (
        13226, "A target has a username without a password.", "An empty password will be used.",
        "Add the attribute password."
      )
    case .noTarget:
      (
        13227, "A Dial calls nobody.",
        "There is no noun and no text in it, or none that can be dialled.",
        "Put <Sip>sip:user@host</Sip> into it."
      )
    case .tooManyTargets:
      (
        13222, "Too many targets in one Dial.", "There are more than max_targets.",
        "Dial fewer, or raise max_targets."
      )
    case .duplicateTarget:
      (
        13223, "A target stands there twice.", "Same URI, credentials and url; it is rung once.",
        "Remove one."
      )
    default: nil
    }
  }

  private static func headers(_ code: FindingCode) -> Words? {
    switch code {
    case .forbiddenHeader:
      (
        13252, "A header may not be set.", "It belongs to SIP itself.",
        "Use a name that begins with X-."
      )
    case .headerInjection:
      (
        13253, "A header was dropped.", "Its value held a line break or another control character.",
        "Encode the value, or leave the character out."
      )
    case .invalidHeader:
      (
        13254, "A header cannot be read.",
        "It has no name, no = sign, or a name that SIP does not allow.",
        "Write ?name=value&amp;name=value behind the URI."
      )
    case .tooManyHeaders:
      (
        13255, "Not all headers were passed on.",
        "There are more than 50 of them, or they have more than 8,192 octets.",
        "Send fewer, or shorter ones."
      )
    case .hopLimit:
      (
        13256, "A call went through too many hops.",
        "Max-Forwards ran out: servers send the call round in a circle.",
        "Look at the Via lines of the INVITE: the server that stands there twice sends it round."
      )
    case .breadthLimit:
      (
        13257, "A call was divided too often.",
        "Too many legs of one caller's INVITE are under way: servers dial each other.",
        "Look for servers that dial each other; max_breadth and max_returns are how much is allowed."
      )
    default: nil
    }
  }

  /// A code that has no words here yet: a test finds it.
  private static func unlisted(_ code: FindingCode) -> Words {
    let place = FindingCode.allCases.firstIndex(of: code) ?? 0
    return (
      unlistedBase + Int32(place), "Something worth a word.", "The text says what.",
      "The text says what to do."
    )
  }

  /// No number of the catalogue is this high.
  static let unlistedBase: Int32 = 90_000

  private static func media(_ code: FindingCode) -> Words? {
    switch code {
    case .noSpeech:
      (
        13510, "Nobody here can speak.", "Say needs a speech provider; it was skipped.",
        "Set speech_program to flite, espeak-ng or the path of a program; or answer the event speech; or use Play."
      )
    case .playFailed:
      (
        13520, "A sound could not be played.",
        "It cannot be fetched, or not be read; it was skipped.",
        "Look whether the URL answers with WAV, AU or MP3; a file: URL needs the setting sounds."
      )
    case .noDigits:
      (
        13530, "Nobody here can collect keys, or press them.",
        "Sound goes from phone to phone: the setting media is direct.",
        "Set media to auto or anchored."
      )
    case .noRecorder:
      (
        13610, "Nothing is recorded.",
        "There is no folder for recordings, it cannot be written to, or sound goes from phone to phone.",
        "Set recordings to a folder that we may write to, and media to auto or anchored."
      )
    case .recordingGaps:
      (
        13611, "A recording is silent in places.",
        "The disk did not take its sound in time.", "Record to a faster disk, or fewer calls."
      )
    case .mediaRefused:
      (
        13620, "A phone would not be joined to the other's media.", "It refused the offer.",
        "Compare the codecs of both phones in the trace; set media to anchored if they share none."
      )
    case .secondSender:
      (
        13630, "Two send as one party does.",
        "Its SDP names an inner address, so nothing tells which is the phone; the first is heard.",
        "Have phones or their proxy name a public address; look for who else sends to this port."
      )
    case .innerAddress:
      (
        13640, "A party outside is shown an address that only an inner network knows.",
        "It is ours, and nothing says how we are known outside; or a phone's that is behind a NAT.",
        "Set public_address, or listen with ;public=ADDRESS; for phones set media to anchored."
      )
    default: nil
    }
  }

  private static func agent(_ code: FindingCode) -> Words? {
    switch code {
    case .journalFailed:
      (
        17001, "The journal ended early.", "Its file cannot be written any more.",
        "The text names the reason; begin a new journal on a disk that is well."
      )
    case .eventsLost:
      (
        17002, "Events were lost.", "The program did not pull them in time.",
        "Pull all events each time after the agent has worked."
      )
    case .diskBehind:
      (
        17003, "The disk is slower than what is to be written.",
        "It has taken nothing for a second; what waits for it is bounded.",
        "Use a faster disk; look for what else writes to it."
      )
    case .journalGap:
      (
        17004, "Records are lacking in the journal.",
        "The disk did not take them in time; the gap is marked.",
        "Use a faster disk; a replay proves what stands before the gap."
      )
    case .journalWaits:
      (
        17006, "The journal waits for a disk.",
        "The disk is full, or has no more than disk_reserve left; it is written when there is room.",
        "Make room; set journal_limit; the text says whether it waits or goes on."
      )
    case .tlsFiles:
      (
        17009, "The files of TLS cannot be read again.",
        "A file that tls_certificate, tls_key, tls_ca or tls_crl names is missing or broken, or the key is none of the certificate's.",
        "Put certificate and key there that belong together; they are read again within a second."
      )
    case .diskFull:
      (
        17007, "Recordings end because a disk is full.",
        "It is full, or has no more than disk_reserve left; what was recorded before is whole.",
        "Make room on the disk of the recordings, or lower disk_reserve."
      )
    case .limitReached:
      (
        17005, "A limit refused something.",
        "More came than a setting, or the machine, has room for; the text says which and how many.",
        "Look for who sends so much; raise the setting that the text names."
      )
    default: nil
    }
  }
}
