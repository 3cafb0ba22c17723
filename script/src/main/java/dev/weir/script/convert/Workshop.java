package dev.weir.script.convert;

import dev.weir.script.lang.Journal.Call;
import dev.weir.script.object.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all parts of one conversion share. With the Lua lock. */
final class Workshop {
    final Context context;
    final Origins origins;
    final NamedThings names;
    final Unpacking unpacking;
    final Parts parts;
    final FunctionTexts functions;
    final List<Leftover> left = new ArrayList<>();

    Workshop(Context context, Origins origins, FunctionTexts functions) {
        this.context = context;
        this.origins = origins;
        this.functions = functions;
        this.names = new NamedThings(this);
        this.unpacking = new Unpacking(this);
        this.parts = new Parts(this);
    }

    /** Remembers that something is not in the conversion. */
    void leave(@Nullable Call call, @Nullable String why) {
        left.add(new Leftover(
                call == null ? "" : call.place(), call == null ? String.valueOf(why) : call.function() + ": " + why));
    }
}
