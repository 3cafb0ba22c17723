package dev.weir.script.object;

import dev.weir.engine.action.Answering;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * DNSQuestion and DNSResponse: a query, or what became of it, while a function of the operator's looks at it. The object is good for that
 * one call.
 */
public final class QuestionType extends ObjectType<Query> {
    private static final String BOTH = "getContent getDO getEDNSOptions getElapsedUs getHeader getIncomingInterface "
            + "getProtocol getQueryTime getTag getTagArray getTrailingData setContent setExtendedDNSError setHeader "
            + "setTag setTagArray setTrailingData suspend unsetTag";
    private static final String QUESTION = " addProxyProtocolValue changeName getHTTPHeaders getHTTPHost getHTTPPath "
            + "getHTTPQueryString getHTTPScheme getProxyProtocolValues getServerNameIndication setEDNSOption setHTTPResponse "
            + "setNegativeAndAdditionalSOA setProxyProtocolValues setRestartable spoof";
    private static final String RESPONSE =
            " changeName editTTLs getRestartCount getSelectedBackend getStaleCacheHit restart";
    private static final String BOTH_ATTRIBUTES =
            "dh len localaddr opcode pool qclass qname qtype rcode remoteaddr skipCache tcp";
    private static final String QUESTION_ATTRIBUTES = " ecsOverride ecsPrefixLength size tempFailureTTL useECS";

    private final Context context;
    private final MessageEdits edits;
    private final boolean ofAnswers;

    private QuestionType(Context context, String name, String methods, String attributes, boolean ofAnswers) {
        super(name, Query.class, methods, attributes);
        this.context = context;
        this.edits = new MessageEdits(context);
        this.ofAnswers = ofAnswers;
    }

    static QuestionType ofQuestion(Context context) {
        return new QuestionType(context, "DNSQuestion", BOTH + QUESTION, BOTH_ATTRIBUTES + QUESTION_ATTRIBUTES, false);
    }

    static QuestionType ofResponse(Context context) {
        return new QuestionType(context, "DNSResponse", BOTH + RESPONSE, BOTH_ATTRIBUTES, true);
    }

    @Override
    protected @Nullable Object call(Query self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getContent" -> LuaString.of(self.packetCopy());
            case "getDO" -> ToLua.of(self.dnssecOk());
            case "getEDNSOptions" -> edits.ednsOptions(self);
            case "getElapsedUs" -> ToLua.of((System.nanoTime() - self.origin().receivedNanos()) / 1000.0);
            case "getHeader" -> header(Arrays.copyOf(self.packet(), Header.LENGTH));
            case "getHTTPHeaders", "getHTTPHost", "getHTTPPath", "getHTTPQueryString", "getHTTPScheme" ->
                http(self.origin().http(), method);
            case "getIncomingInterface" -> ToLua.of(self.origin().frontend().networkInterface());
            case "getServerNameIndication" -> ToLua.of(self.origin().serverName());
            case "getProtocol" -> ToLua.of(self.origin().protocol().prettyName());
            case "getProxyProtocolValues" -> edits.proxyValues(self);
            case "getQueryTime" ->
                context.objects.time.wrap(self.origin().receivedAt(Instant.now(), System.nanoTime()));
            case "getTag" -> tag(self, args);
            case "getTagArray" -> tags(self);
            case "getTrailingData" -> edits.trailingData(self);
            case "getRestartCount" -> ToLua.of(self.decided().restartCount());
            case "getSelectedBackend" ->
                self.found().backend() == null
                        ? null
                        : context.objects.server.wrap(self.found().backend());
            case "getStaleCacheHit" -> ToLua.of(self.found().staleHit());
            case "suspend" ->
                ToLua.of(context.model
                        .engine()
                        .suspensions()
                        .suspend(
                                self,
                                (int) args.integer(1, "asyncID", 0, 0xffff),
                                (int) args.integer(2, "queryID", 0, 0xffff),
                                args.integer(3, "timeoutMS", 0, Integer.MAX_VALUE),
                                ofAnswers));
            case "setRestartable" -> {
                self.setRestartable();
                yield true;
            }
            case "restart" -> ToLua.of(self.requestRestart());
            case "changeName" -> {
                Name name = NameType.name(args, 1, "name");
                yield ToLua.of(ofAnswers ? edits.restoreName(self, name) : edits.changeName(self, name));
            }
            case "setNegativeAndAdditionalSOA" -> ToLua.of(edits.negativeAndSoa(self, args));
            case "setTrailingData" -> ToLua.of(edits.setTrailingData(self, args.octets(1, "tail")));
            default -> {
                change(self, method, args);
                yield Values.NONE;
            }
        };
    }

    private static Object http(@Nullable HttpRequest request, String method) {
        if (method.equals("getHTTPHeaders")) {
            LuaTable headers = new LuaTable();
            if (request != null) {
                request.headers().forEach((name, value) -> headers.put(ToLua.of(name), ToLua.of(value)));
            }
            return headers;
        }
        if (request == null) {
            return LuaString.EMPTY;
        }
        return ToLua.of(
                switch (method) {
                    case "getHTTPHost" -> request.host();
                    case "getHTTPPath" -> request.path();
                    case "getHTTPQueryString" -> request.queryString();
                    default -> request.scheme();
                });
    }

    private void change(Query self, String method, Args args) {
        switch (method) {
            case "addProxyProtocolValue" ->
                self.decided().addProxyTlv((int) args.integer(1, "type", 0, 255), args.octets(2, "value"));
            case "editTTLs" -> edits.editTtls(self, args.function(1, "func"));
            case "setContent" -> edits.setContent(self, args.octets(1, "data"));
            case "setEDNSOption" ->
                edits.setEdnsOption(self, (int) args.integer(1, "code", 0, 0xffff), args.octets(2, "data"));
            case "setExtendedDNSError" ->
                self.decided()
                        .addExtendedError(
                                (int) args.integer(1, "infoCode", 0, 0xffff),
                                args.has(2) ? args.octets(2, "extraText") : new byte[0],
                                args.boolOr(3, "clearExistingEntries", true));
            case "setHTTPResponse" -> {
                if (self.origin().http() != null) {
                    self.decided()
                            .setHttpAnswer(new HttpAnswer(
                                    (int) args.integer(1, "status", 100, 999),
                                    args.octets(2, "body"),
                                    args.stringOr(3, "contentType", "")));
                }
            }
            case "setHeader" -> {
                byte[] octets = args.object(1, "header", HeaderType.Head.class).octets();
                System.arraycopy(octets, 0, self.packet(), 0, Header.LENGTH);
            }
            case "setProxyProtocolValues" -> edits.setProxyValues(self, args);
            case "setTag" -> self.decided().setTag(args.string(1, "key"), args.string(2, "value"));
            case "setTagArray" -> setTags(self, args.table(1, "tags"));
            case "spoof" -> edits.spoof(self, args);
            case "unsetTag" -> self.decided().unsetTag(args.string(1, "key"));
            default -> throw unknown(method);
        }
    }

    private static @Nullable Object tag(Query self, Args args) {
        String value = self.decided().tag(args.string(1, "key"));
        return value == null ? LuaString.EMPTY : ToLua.of(value);
    }

    private static LuaTable tags(Query self) {
        LuaTable table = new LuaTable();
        self.decided().tags().forEach((key, value) -> table.put(ToLua.of(key), ToLua.of(value)));
        return table;
    }

    private static void setTags(Query self, LuaTable tags) {
        for (FromLua.Entry entry : FromLua.entries(tags)) {
            self.decided().setTag(entry.name(), FromLua.text(entry.value()));
        }
    }

    private LuaObject header(byte[] octets) {
        return context.objects.header.wrap(new HeaderType.Head(octets));
    }

    @Override
    protected @Nullable Object get(Query self, String attribute) {
        return switch (attribute) {
            case "qname" -> context.objects.name.wrap(self.name());
            case "qtype" -> ToLua.of(self.type());
            case "qclass" -> ToLua.of(self.recordClass());
            case "rcode" -> ToLua.of(Header.rcode(self.packet()));
            case "opcode" -> ToLua.of(Header.opcode(self.packet()));
            case "remoteaddr" ->
                context.objects.address.wrap(self.origin().client().toEndpoint());
            case "localaddr" ->
                context.objects.address.wrap(self.origin().destination().toEndpoint());
            case "dh" -> header(self.packet());
            case "len" -> ToLua.of(self.length());
            case "size" -> ToLua.of(self.packet().length);
            case "tcp" -> ToLua.of(!self.origin().overUdp());
            case "pool" -> ToLua.of(self.decided().poolName());
            case "skipCache" -> ToLua.of(self.decided().skipCache());
            case "useECS" -> ToLua.of(self.decided().useEcs());
            case "ecsOverride" -> ToLua.of(self.decided().ecsOverride());
            case "ecsPrefixLength" -> ToLua.of(ecsPrefixLength(self));
            case "tempFailureTTL" ->
                self.decided().tempFailureTtl() < 0
                        ? null
                        : ToLua.of((double) self.decided().tempFailureTtl());
            default -> throw unknown(attribute);
        };
    }

    private int ecsPrefixLength(Query self) {
        if (self.decided().ecsPrefixLength() >= 0) {
            return self.decided().ecsPrefixLength();
        }
        var settings = context.model.engine().snapshot().settings();
        return self.origin().client().family() == 4
                ? settings.number(Setting.ECS_SOURCE_PREFIX_V4)
                : settings.number(Setting.ECS_SOURCE_PREFIX_V6);
    }

    @Override
    protected void set(Query self, String attribute, @Nullable Object value) {
        switch (attribute) {
            case "rcode" ->
                Header.setRcode(self.packet(), assigned(attribute, value).integer(1, attribute));
            case "len" ->
                self.setLength((int) assigned(attribute, value)
                        .integer(1, attribute, Header.LENGTH, Math.min(Answering.LONGEST, self.packet().length)));
            case "pool" -> self.decided().setPoolName(assigned(attribute, value).string(1, attribute));
            case "skipCache" ->
                self.decided().setSkipCache(assigned(attribute, value).bool(1, attribute));
            case "useECS" -> self.decided().setUseEcs(assigned(attribute, value).bool(1, attribute));
            case "ecsOverride" ->
                self.decided().setEcsOverride(assigned(attribute, value).bool(1, attribute));
            case "ecsPrefixLength" ->
                self.decided()
                        .setEcsPrefixLength((int) assigned(attribute, value).integer(1, attribute, 0, 0xffff));
            case "tempFailureTTL" ->
                self.decided()
                        .setTempFailureTtl(
                                value == null ? -1 : assigned(attribute, value).integer(1, attribute, 0, 0xffff_ffffL));
            default -> {} // the others can't be changed, and dnsdist says nothing either
        }
    }

    @Override
    protected String text(Query self) {
        return name().toLowerCase(Locale.ROOT) + " for " + self.name();
    }
}
