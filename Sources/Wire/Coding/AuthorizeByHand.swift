/// `auth.Authorize` is asked on every request of every page, so it is coded by hand.
extension Auth.Authorize: HandCoded {
    init(_ fields: Fields) throws(FieldFault) {
        session = try fields.string("session")
        path = try fields.string("path")
        address = try fields.stringIfPresent("address")
        agent = try fields.stringIfPresent("agent")
    }

    func write(to writer: MessageWriter) {
        writer.beginMap()
        writer.key("session")
        writer.string(session)
        writer.key("path")
        writer.string(path)
        if let address {
            writer.key("address")
            writer.string(address)
        }
        if let agent {
            writer.key("agent")
            writer.string(agent)
        }
        writer.endMap()
    }
}

extension Auth.Authorize.Reply: HandCoded {
    init(_ fields: Fields) throws(FieldFault) {
        decision = try fields.word("decision")
        actor = if let map = try fields.mapIfPresent("actor") { try Auth.Actor(map) } else { nil }
        gate = if let map = try fields.mapIfPresent("gate") { try Auth.Gate(map) } else { nil }
        expires = try fields.timestampIfPresent("expires")
    }

    func write(to writer: MessageWriter) {
        writer.beginMap()
        writer.key("decision")
        writer.string(decision.rawValue)
        if let actor {
            writer.key("actor")
            actor.write(to: writer)
        }
        if let gate {
            writer.key("gate")
            gate.write(to: writer)
        }
        if let expires {
            writer.key("expires")
            writer.timestamp(expires)
        }
        writer.endMap()
    }
}

extension Auth.Actor: HandCoded {
    init(_ fields: Fields) throws(FieldFault) {
        id = try fields.id("id")
        role = try fields.word("role")
        name = try fields.string("name")
        email = try fields.string("email")
        firm = try fields.string("firm")
    }

    func write(to writer: MessageWriter) {
        writer.beginMap()
        writer.key("id")
        writer.id(id)
        writer.key("role")
        writer.string(role.rawValue)
        writer.key("name")
        writer.string(name)
        writer.key("email")
        writer.string(email)
        writer.key("firm")
        writer.string(firm)
        writer.endMap()
    }
}

extension Auth.Gate: HandCoded {
    init(_ fields: Fields) throws(FieldFault) {
        state = try fields.word("state")
        required = try fields.bool("required")
        requiredBy = try fields.wordIfPresent("requiredBy")
        methods = try fields.words("methods")
        phone = try fields.stringIfPresent("phone")
        deferred = try fields.bool("deferred")
        offer = try fields.bool("offer")
    }

    func write(to writer: MessageWriter) {
        writer.beginMap()
        writer.key("state")
        writer.string(state.rawValue)
        writer.key("required")
        writer.bool(required)
        // Null where nobody requires it: the field is never left out.
        writer.key("requiredBy")
        if let requiredBy { writer.string(requiredBy.rawValue) } else { writer.null() }
        writer.key("methods")
        writer.beginArray()
        for method in methods { writer.string(method.rawValue) }
        writer.endArray()
        if let phone {
            writer.key("phone")
            writer.string(phone)
        }
        writer.key("deferred")
        writer.bool(deferred)
        writer.key("offer")
        writer.bool(offer)
        writer.endMap()
    }
}
