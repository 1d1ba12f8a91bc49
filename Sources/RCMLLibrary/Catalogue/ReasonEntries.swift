import RCMLBasics

/// The catalogue's entries for reasons (spec E-9): why a leg, a call or a document ended. Those that are findings as well have
/// their entry there: one cause, one number.
enum ReasonEntries {
  static var all: [CatalogueWords] {
    let known = Set(FindingEntries.all.map(\.code))
    return ReasonCode.allCases.filter { !known.contains(Int32($0.rawValue)) }.map(entry)
  }

  static func entry(_ code: ReasonCode) -> CatalogueWords {
    let (name, text, cause, fix) = words(code)
    return CatalogueWords(
      code: Int32(code.rawValue), name: name, text: text, cause: cause, fix: fix)
  }

  typealias Words = (String, String, String, String)

  private static func words(_ code: ReasonCode) -> Words {
    refusal(code) ?? network(code) ?? time(code) ?? transport(code) ?? security(code) ?? media(code)
      ?? circle(code)
      ?? parting(code) ?? ending(code) ?? web(code) ?? server(code) ?? document(code)
      ?? (
        "reason-\(code.rawValue)", "It failed.", "The text says why.", "The text says what to do."
      )
  }

  private static func refusal(_ code: ReasonCode) -> Words? {
    switch code {
    case .busy:
      (
        "party-busy", "The called party is busy.",
        "Its phone, or the server before it, answered 486 or 600.",
        "Try again later, or dial somebody else in the Dial's action."
      )
    case .declined:
      (
        "party-declined", "The called party declined.", "Its phone answered 603, 607 or 608.",
        "Dial somebody else in the Dial's action."
      )
    case .unknownParty:
      (
        "party-unknown", "Nobody of that name is there.",
        "The server answered 404, 410, 484, 485 or 604: the user part of the URI is not known to it.",
        "Look at the number or name, and whether the phone is registered."
      )
    case .notAvailable:
      (
        "party-not-available", "The called party cannot be had now.",
        "The server answered 480, 408 or 487: the phone is off, not registered, or nobody took it.",
        "Look whether the phone is registered; try again later."
      )
    case .refusedRequest:
      (
        "request-refused", "The called party, or a server before it, refused the INVITE.",
        "Its final response is a code of the 4xx or 6xx family; the sentence has it.",
        "Look the code up; 403 often means that our address or caller id is not known there."
      )
    case .serverError:
      (
        "server-error", "The server of the called party failed.",
        "Its final response is a code of the 5xx family.",
        "Look at that server's log; try again later."
      )
    case .uselessRedirect:
      (
        "redirect-useless", "The called party pointed to nowhere.",
        "A 3xx came without a Contact that can be called.", "Look at that server's configuration."
      )
    case .redirectNotFollowed:
      (
        "redirect-not-followed",
        "The called party pointed elsewhere, and redirects are not followed.",
        "The setting follow_redirects is 0.", "Set follow_redirects, or dial the other place."
      )
    case .hungUpEarly:
      (
        "hung-up-early", "The called party hung up before it was connected.",
        "It took the call and left at once.", "Nothing to do here; the Dial's action hears of it."
      )
    case .messageRefused:
      (
        "message-refused", "A SIP message was refused or dropped.",
        "It cannot be read, or asks for what is not served; the text says which.",
        "Look at whoever sent it; the peer's address stands beside it."
      )
    default: nil
    }
  }

  private static func network(_ code: ReasonCode) -> Words? {
    switch code {
    case .connectionRefused:
      (
        "nothing-listens", "Nothing listens at the address that was called.",
        "The machine is there and said so: no program has that port, or the transport is another one.",
        "Look at address, port and transport of the target, and whether the phone or server is running."
      )
    case .noRoute:
      (
        "no-route", "No way leads to the address that was called.",
        "The network says that the machine or its network cannot be reached.",
        "Look at the route (ip route get ADDRESS), and at the address."
      )
    case .connectionLost:
      (
        "connection-lost", "The connection was lost before there was an answer.",
        "The other side, or something between, closed it.", "Look at the server's log."
      )
    case .networkError:
      (
        "network-error", "Nothing can be sent there.",
        "The system refused to send, for another reason than the usual ones.",
        "Look at the address, and at firewall rules on this machine."
      )
    case .nameUnknown:
      (
        "name-unknown", "There is no such host name.",
        "The name server does not know it: it is misspelt, or known elsewhere only.",
        "Look at the spelling; ask with: getent hosts NAME; set dns_server if another server knows it."
      )
    case .nameWithoutAddress:
      (
        "name-without-address", "The host name has no address.",
        "It exists, but has neither A nor AAAA records.",
        "Look at its DNS records."
      )
    case .nameServerSilent:
      (
        "name-server-silent", "No name server answered in time.",
        "The servers of /etc/resolv.conf, or of dns_server, cannot be reached.",
        "Look whether they can be reached from here; set dns_server."
      )
    case .nameServerFailed:
      (
        "name-server-failed", "The name server could not say where the host is.",
        "It refused the question, or its own servers do not answer.",
        "Ask another one (dns_server)."
      )
    case .serviceDenied:
      (
        "service-denied", "The name server says that this host takes no SIP calls.",
        "Its SRV record is a single dot (RFC 2782).", "Dial another host, or give a port."
      )
    default: nil
    }
  }

  private static func time(_ code: ReasonCode) -> Words? {
    switch code {
    case .silent:
      (
        "no-answer-at-all", "The called party said nothing at all.",
        "No response came to the INVITE within 32 s: a firewall drops it, or the answer goes elsewhere.",
        "Look with tcpdump whether the INVITE arrives; set public_address if this machine is behind NAT."
      )
    case .connectTimedOut:
      (
        "connect-timeout", "The connection was not accepted in time.",
        "A firewall drops it, or the machine is not there.",
        "Look at the address and port, and at firewalls between."
      )
    case .ringTimeout:
      (
        "ring-timeout", "The called party did not answer in time.",
        "It rang as long as the Dial's timeout, or x-timeout, allows.",
        "Give timeout a larger value, or dial somebody else in the action."
      )
    case .acknowledgementMissing:
      (
        "no-ack", "The caller never acknowledged our answer.",
        "No ACK came within 32 s: our 200 does not arrive, or shows an address that cannot be reached.",
        "Behind NAT set public_address; look at Contact in the 200."
      )
    case .ringingUnacknowledged:
      (
        "no-prack", "The caller never acknowledged that it rings.",
        "It asked for reliable ringing (100rel) and sent no PRACK.",
        "Behind NAT set public_address."
      )
    case .dialogLost:
      (
        "dialog-lost", "The other side no longer knows the call.",
        "It answered 481 or 408 to a request inside the call: it has restarted, or is gone.",
        "Look at the phone; nothing to do here."
      )
    case .timeLimit:
      (
        "time-limit", "The talk was as long as it may be.", "The Dial's timeLimit is over.",
        "Give timeLimit another value."
      )
    default: nil
    }
  }

  private static func transport(_ code: ReasonCode) -> Words? {
    switch code {
    case .noListener:
      (
        "no-listener", "Nothing here can send there.",
        "There is no UDP listener of that address family.",
        "Listen at udp:ADDRESS:PORT of that family, too."
      )
    case .secureTransport:
      (
        "tls-wanted", "The target wants TLS, and it is not on this machine.",
        "sips: and transport=tls need libssl.so.3, which is loaded when it is first needed.",
        "Install libssl3; or write sip: with transport=tcp, if the server takes that."
      )
    case .unknownTransport:
      (
        "unknown-transport", "The target wants a transport that is not here.",
        "Only udp, tcp and tls are built in; sips: goes over tls alone.",
        "Leave the transport parameter out, or write transport=tcp."
      )
    case .wrongPassword:
      (
        "wrong-password", "The user name and password were not taken.",
        "The server asked again after it had seen them.",
        "Look at username and password of the <Sip>, and at the realm."
      )
    case .noCredentials:
      (
        "no-credentials", "A user name and password are wanted, and there are none.",
        "The server answered 401 or 407.",
        "Write username and password on the <Sip>, or answer the question (ask_credentials)."
      )
    case .uselessChallenge:
      (
        "challenge-unknown", "Credentials are wanted in a way that nobody here knows.",
        "The server's challenge is no digest, or of an unknown algorithm.",
        "Let the server offer Digest with MD5 or SHA-256."
      )
    case .callerUnknown:
      (
        "caller-unknown", "A caller's user name or password is wrong.",
        "The setting require_auth wants others.",
        "Give the phone the credentials of require_auth."
      )
    default: nil
    }
  }

  private static func media(_ code: ReasonCode) -> Words? {
    switch code {
    case .badDescription:
      (
        "bad-sdp", "The called party's session description cannot be read.",
        "Its SDP is broken, or holds no audio.", "Look at the 200 in the ladder (--transport-log)."
      )
    case .noCommonCodec:
      (
        "no-common-codec", "The called party took none of the audio formats that were offered.",
        "It has no codec in common with the offer.", "Let the phone do PCMU or PCMA."
      )
    case .noMediaPort:
      (
        "no-media-port", "There is no port free for sound.",
        "All ports of rtp_ports are taken, or the process may open no more files.",
        "Widen rtp_ports; raise the limit of open files (ulimit -n)."
      )
    case .framesNeedAnchor:
      (
        "frames-need-anchored", "A party that speaks in frames needs media that comes by here.",
        "The setting media is direct.", "Set media to anchored or auto."
      )
    case .callerOfferUnusable:
      (
        "caller-offer-unusable", "Nothing that the caller offers can be used.",
        "Its SDP has no audio format that we, or the called party, can do.",
        "Let the phone do PCMU or PCMA."
      )
    case .mediaSilent:
      (
        "media-silent", "Nothing was heard of one of the parties for too long.",
        "No RTP came for media_timeout: the phone is gone, or a firewall drops it.",
        "Look at the network; give media_timeout another value."
      )
    case .noDescription:
      (
        "no-sdp", "A party answered without a session description.",
        "Its 200, or its INVITE, has no SDP.",
        "Look at the phone; it has to send SDP."
      )
    case .mediaNotAcceptable:
      (
        "offer-not-acceptable", "The called party cannot do what was offered.",
        "It answered 488, 606 or 415.",
        "Let both do PCMU or PCMA; set media to anchored, so that we offer those."
      )
    case .recordingFailed:
      (
        "recording-failed", "A recording could not be written.",
        "The disk is full, or the folder of the setting recordings cannot be written to.",
        "Look at the folder, its owner, and the room on the disk."
      )
    case .secrecyImpossible:
      (
        "no-secret-sound", "Sound has to be secret, and cannot be.",
        "srtp is require, or the target demands it, and its keys would travel over signalling that is not secured; or "
          + "media is direct and only one of the phones has keys.",
        "Use TLS, or set srtp_without_tls; set media to anchored."
      )
    default: nil
    }
  }

  private static func circle(_ code: ReasonCode) -> Words? {
    switch code {
    case .redirectLoop:
      (
        "redirect-loop", "Redirects lead in a circle, or on without end.",
        "Servers point at each other, or to more places than follow_redirects allows.",
        "Look at those servers; raise follow_redirects."
      )
    case .loopDetected:
      (
        "loop-detected", "The call goes in a circle.", "A server answered 482 or 483.",
        "Look at the route of the call."
      )
    case .tooManyConnections:
      (
        "too-many-connections", "There are too many connections for one more.",
        "max_connections are open, or the process may open no more files.",
        "Raise max_connections, or the limit of open files (ulimit -n)."
      )
    case .engineFull:
      (
        "no-room", "A call was refused: there is no room for it.",
        "A limit is reached, or the agent takes no new calls.",
        "Raise the limit that the text names, or wait."
      )
    default: nil
    }
  }

  private static func parting(_ code: ReasonCode) -> Words? {
    switch code {
    case .answeredElsewhere:
      (
        "answered-elsewhere", "Another party answered first.",
        "Several were called at once, and one of them has won.",
        "Nothing to do."
      )
    case .callerGaveUp:
      (
        "caller-gave-up", "The caller gave up before anybody answered.", "It sent CANCEL.",
        "Nothing to do."
      )
    case .dialEnded:
      ("dial-ended", "The host ended the Dial.", "rcml_call_end_dial was called.", "Nothing to do.")
    case .stopCode:
      (
        "stop-code", "Another party's answer ended the Dial.",
        "It is one of those that x-stop-on names.",
        "Take the code out of x-stop-on, if others are to ring on."
      )
    case .callEnded:
      (
        "call-ended", "The call ended.", "Something else ended it before this party was connected.",
        "Nothing to do."
      )
    case .screeningRefused:
      (
        "screening-refused", "The screening document hung up.",
        "It reached a <Hangup/> or <Reject/>.",
        "Look at the screening document if that is not what it should do."
      )
    case .screeningTimedOut:
      (
        "screening-timeout", "The screening was not over in time.",
        "It lasted longer than the target's timeout.",
        "Shorten it, or give timeout on the <Sip> another value."
      )
    case .screeningHungUp:
      (
        "screening-hung-up", "The called party hung up while it was screened.",
        "It did not want the call.", "Nothing to do."
      )
    case .screeningFailed:
      (
        "screening-failed", "The screening document failed.",
        "It could not be had or read; a finding says why.",
        "Look at the finding before it."
      )
    default: nil
    }
  }

  private static func ending(_ code: ReasonCode) -> Words? {
    switch code {
    case .documentEnded:
      (
        "document-ended", "The document came to its end.", "Its last verb was done.",
        "Nothing to do."
      )
    case .documentHungUp:
      ("document-hung-up", "The document hung up.", "It reached a <Hangup/>.", "Nothing to do.")
    case .callerHungUp: ("caller-hung-up", "The caller hung up.", "It sent BYE.", "Nothing to do.")
    case .calleeHungUp:
      (
        "callee-hung-up", "The called party hung up, and the call ended with it.",
        "The setting after_bridge ends the call with the talk.", "Nothing to do."
      )
    case .documentRejected:
      (
        "document-rejected", "The document rejected the call.", "It reached a <Reject/>.",
        "Nothing to do."
      )
    case .hostRejected:
      (
        "host-rejected", "The host rejected the call.", "rcml_call_reject was called.",
        "Nothing to do."
      )
    case .noDocumentGiven:
      (
        "no-document-given", "Nobody said in time what to do with the call.",
        "No rcml_call_run, _answer or _reject came within incoming_timeout.",
        "Answer the event incoming, or set a default document."
      )
    case .stoppedByHost:
      (
        "stopped-by-host", "The host ended the call.", "rcml_call_hang_up was called.",
        "Nothing to do."
      )
    case .agentStopped:
      (
        "agent-stopped", "The agent was stopped, or takes no new calls.",
        "rcml_agent_stop or _drain, or a signal to the tool.",
        "Nothing to do."
      )
    case .documentReplaced:
      (
        "document-replaced", "The call was given another document.",
        "rcml_call_run was called while it ran.", "Nothing to do."
      )
    case .callTransferred:
      (
        "call-transferred", "The called party handed the caller on.",
        "It sent REFER, and the Dial has a referUrl.",
        "Nothing to do."
      )
    default: nil
    }
  }
}
