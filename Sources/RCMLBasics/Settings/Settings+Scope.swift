/// Which settings one call may have of its own (spec Q-35).
extension SettingEntry {
  /// The narrowest that may have its own value.
  public enum Scope: String, CaseIterable, Sendable {
    /// A call, until its first document runs.
    case call
    /// A call that is just being made, for it is decided with its beginning.
    case beginning
    case agent
  }

  public var scope: Scope {
    SettingEntry.ofAgents.contains(name)
      ? .agent : SettingEntry.ofBeginnings.contains(name) ? .beginning : .call
  }

  /// What is counted, listened to, written or cached for all calls together, and what all dialogs of the agent share.
  static let ofAgents: Set<String> = [
    "max_calls", "max_calls_per_source", "max_memory", "max_connections",
    "max_connections_per_address", "max_returns", "rtp_ports", "sound_cache", "late_offer",
    "drain_timeout", "follow_redirects", "session_expires", "product", "require_auth",
    "outbound_proxy", "public_address", "rewrite_contact", "keepalive", "naptr", "dns_server",
    "transport_log", "hep", "hep_id", "hep_password", "ask_credentials", "ask_targets",
    "tls_certificate", "tls_key", "tls_ca", "tls_crl", "tls_keylog", "tls_verify_clients",
    "sip_tls_verify", "journal_limit", "journal_refusals", "log_limit", "disk_reserve",
  ]

  static let ofBeginnings: Set<String> = [
    "media", "call_timeout", "incoming_timeout", "sip_address_format", "srtp", "srtp_without_tls",
  ]
}

extension Settings {
  /// These settings with a call's own over them. `isBeginning`: the call is just being made.
  public func with(
    _ own: [CallSetting], isBeginning: Bool
  ) -> Result<Settings, SettingProblem> {
    var settings = self
    for setting in own {
      switch Settings.entry(setting.name)?.scope {
      case .agent:
        return .failure(
          SettingProblem(
            text: "The setting \(setting.name) is the whole agent's; no call has one of its own."))
      case .beginning where !isBeginning:
        return .failure(
          SettingProblem(
            text: "The setting \(setting.name) is a call's own only from its beginning; "
              + "this call has begun."))
      case .beginning, .call, nil:
        if case .failure(let problem) = settings.set(setting.name, setting.value) {
          return .failure(problem)
        }
      }
    }
    return .success(settings)
  }
}
