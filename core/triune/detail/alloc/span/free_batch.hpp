// SPDX-License-Identifier: Apache-2.0
// Spans that were freed together and wait for one event.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>

#include <triune/detail/alloc/span/size_class.hpp>
#include <triune/detail/alloc/span/span.hpp>

namespace triune {

struct PendingStream;

struct FreeBatch {
    using Hook = boost::intrusive::list_member_hook<>;
    static constexpr SizeClass mixed = ~SizeClass{0};

    Hook order;                       // among the batches of its stream, oldest first, or among the spare ones
    Hook same_class;                  // among those of its stream and class
    EventHandle event = nullptr;      // kept with the record for its whole life, made when first needed
    PendingStream* stream = nullptr;  // where its spans may be used again at once
    SizeClass uniform = mixed;        // the class of all its spans, where they are of one rounded class
    SpanList spans;
};

using BatchQueue =
    boost::intrusive::list<FreeBatch, boost::intrusive::member_hook<FreeBatch, FreeBatch::Hook, &FreeBatch::order>,
                           boost::intrusive::constant_time_size<false>>;
using BatchesOfClass =
    boost::intrusive::list<FreeBatch, boost::intrusive::member_hook<FreeBatch, FreeBatch::Hook, &FreeBatch::same_class>,
                           boost::intrusive::constant_time_size<false>>;

}  // namespace triune
