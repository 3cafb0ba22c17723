package dev.weir.script.object;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of objects that one Lua world has. */
public final class ObjectTypes {
    private final List<ObjectType<?>> all = new ArrayList<>();
    private final Context context;

    public final AddressType address;
    public final NetmaskType netmask;
    public final NetmaskGroupType netmaskGroup;
    public final NameType name;
    public final NameSetType nameSet;
    public final SuffixType suffixes;
    public final ServerType server;
    public final PoolType pool;
    public final CacheType cache;
    public final NoCacheType noCache;
    public final PolicyType policy;
    public final BindType bind;
    public final HeaderType header;
    public final QuestionType question;
    public final QuestionType response;
    public final SelectorType selector;
    public final ActionType action;
    public final ResponseActionType responseAction;
    public final RuleType rule;
    public final RuleType responseRule;
    public final ServiceBindingType serviceBinding;
    public final TimedSetType timedSet;
    public final OverlayType overlay;
    public final PacketRecordType record;
    public final StoreType store;
    public final LookupKeyType lookupKey;
    public final GeoDatabaseType geoDatabase;
    public final SuspendedType suspended;
    public final EndpointType endpoint;
    public final ListenerType listener;
    public final LimiterType limiter;
    public final TimeType time;
    public final EdnsOptionType ednsOption;
    public final FilterType filter;
    public final DynamicFilterType dynamicFilter;
    public final BlockType block;
    public final BlockGroupType blockGroup;
    public final StatNodeType statNode;
    public final StatNodeStatsType statNodeStats;
    public final RingEntryType ringEntry;
    public final WebRequestType webRequest;
    public final WebResponseType webResponse;
    public final TlsCertificateType tlsCertificate;
    public final TlsFrontendType tlsContext;
    public final TlsFrontendType tlsFrontend;
    public final DohFrontendType dohFrontend;
    public final DohResponseType dohResponse;
    public final QuicFrontendType doqFrontend;
    public final QuicFrontendType doh3Frontend;
    public final DnscryptCertificateType dnscryptCertificate;
    public final DnscryptPairType dnscryptPair;
    public final DnscryptContextType dnscryptContext;

    ObjectTypes(Context context) {
        this.context = context;
        address = add(new AddressType(this));
        netmask = add(new NetmaskType(this));
        netmaskGroup = add(new NetmaskGroupType());
        name = add(new NameType(this));
        nameSet = add(new NameSetType());
        suffixes = add(new SuffixType(this));
        server = add(new ServerType(context));
        pool = add(new PoolType(context));
        cache = add(new CacheType(context));
        noCache = add(new NoCacheType());
        policy = add(new PolicyType(context));
        bind = add(new BindType(context));
        header = add(new HeaderType());
        question = add(QuestionType.ofQuestion(context));
        response = add(QuestionType.ofResponse(context));
        selector = add(new SelectorType());
        action = add(new ActionType(context));
        responseAction = add(new ResponseActionType());
        rule = add(new RuleType("DNSDistRuleAction", this));
        responseRule = add(new RuleType("DNSDistResponseRuleAction", this));
        serviceBinding = add(new ServiceBindingType());
        timedSet = add(new TimedSetType(this));
        overlay = add(new OverlayType(this));
        record = add(new PacketRecordType(this));
        store = add(new StoreType());
        lookupKey = add(new LookupKeyType());
        geoDatabase = add(new GeoDatabaseType());
        suspended = add(new SuspendedType(this));
        endpoint = add(new EndpointType());
        listener = add(new ListenerType(context));
        limiter = add(new LimiterType());
        time = add(new TimeType());
        ednsOption = add(new EdnsOptionType());
        filter = add(new FilterType(context));
        dynamicFilter = add(new DynamicFilterType());
        block = add(new BlockType());
        blockGroup = add(new BlockGroupType(context));
        statNode = add(new StatNodeType());
        statNodeStats = add(new StatNodeStatsType());
        ringEntry = add(new RingEntryType(this));
        webRequest = add(new WebRequestType());
        webResponse = add(new WebResponseType());
        tlsCertificate = add(new TlsCertificateType());
        tlsContext = add(TlsFrontendType.context(context));
        tlsFrontend = add(TlsFrontendType.frontend(context));
        dohFrontend = add(new DohFrontendType(context));
        dohResponse = add(new DohResponseType());
        doqFrontend = add(QuicFrontendType.doq(context));
        doh3Frontend = add(QuicFrontendType.doh3(context));
        dnscryptCertificate = add(new DnscryptCertificateType());
        dnscryptPair = add(new DnscryptPairType(this));
        dnscryptContext = add(new DnscryptContextType(context));
    }

    private <T extends ObjectType<?>> T add(T type) {
        type.complainTo(context.whileLoading());
        type.belongsTo(context.state, context);
        all.add(type);
        return type;
    }

    /** All types, for the ledger's test. */
    public List<ObjectType<?>> all() {
        return List.copyOf(all);
    }

    /** A 1-based list of servers. */
    public LuaTable servers(List<Backend> servers) {
        @Nullable Object[] values = new @Nullable Object[servers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = server.wrap(servers.get(i));
        }
        return LuaTable.ofList(values);
    }

    /** A 1-based list of texts. */
    public static LuaTable texts(List<String> texts) {
        return ToLua.texts(texts);
    }

    /** The object, or nil. */
    public static @Nullable Object orNil(@org.jspecify.annotations.Nullable LuaObject object) {
        return object == null ? null : object;
    }

    /** A neighbour's, as the kernel knows it now, in octets; empty if it is no neighbour. */
    public LuaString hardwareAddress(IpAddress ip) {
        byte[] known = context.host.linkAddresses().of(ip);
        return known == null ? LuaString.EMPTY : LuaString.of(known);
    }
}
