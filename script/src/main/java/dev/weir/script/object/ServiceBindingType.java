package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.wire.ServiceBinding;
import org.jspecify.annotations.Nullable;

/** SVCRecordParameters: what a service binding says. It has no members. */
public final class ServiceBindingType extends ObjectType<ServiceBinding> {
    ServiceBindingType() {
        super("SVCRecordParameters", ServiceBinding.class, "", "");
    }

    @Override
    protected @Nullable Object call(ServiceBinding self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected String text(ServiceBinding self) {
        return self.priority() + " " + self.target();
    }
}
