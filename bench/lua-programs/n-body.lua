local sqrt = math.sqrt
local PI = math.pi
local SOLAR = 4 * PI * PI
local DAYS = 365.24
local function bodies()
  return {
    {x=0,y=0,z=0,vx=0,vy=0,vz=0,mass=SOLAR},
    {x=4.84143144246472090e+00,y=-1.16032004402742839e+00,z=-1.03622044471123109e-01,vx=1.66007664274403694e-03*DAYS,vy=7.69901118419740425e-03*DAYS,vz=-6.90460016972063023e-05*DAYS,mass=9.54791938424326609e-04*SOLAR},
    {x=8.34336671824457987e+00,y=4.12479856412430479e+00,z=-4.03523417114321381e-01,vx=-2.76742510726411899e-03*DAYS,vy=4.99852801234917238e-03*DAYS,vz=2.30417297573763929e-05*DAYS,mass=2.85885980666130812e-04*SOLAR},
    {x=1.28943695621391310e+01,y=-1.51111514016986312e+01,z=-2.23307578892655734e-01,vx=2.96460137564761618e-03*DAYS,vy=2.37847173959480950e-03*DAYS,vz=-2.96589568540237556e-05*DAYS,mass=4.36624404335156298e-05*SOLAR},
    {x=1.53796971148509165e+01,y=-2.59193146099879641e+01,z=1.79258772950371181e-01,vx=2.68067772490389322e-03*DAYS,vy=1.62824170038242295e-03*DAYS,vz=-9.51592254519715870e-05*DAYS,mass=5.15138902046611451e-05*SOLAR},
  }
end
local function advance(list, n, dt)
  for i = 1, n do
    local a = list[i]
    local ax, ay, az, amass = a.x, a.y, a.z, a.mass
    local vx, vy, vz = a.vx, a.vy, a.vz
    for j = i + 1, n do
      local b = list[j]
      local dx, dy, dz = ax - b.x, ay - b.y, az - b.z
      local square = dx * dx + dy * dy + dz * dz
      local size = sqrt(square)
      size = dt / (size * size * size)
      local bmass = b.mass * size
      vx = vx - (dx * bmass)
      vy = vy - (dy * bmass)
      vz = vz - (dz * bmass)
      bmass = amass * size
      b.vx = b.vx + (dx * bmass)
      b.vy = b.vy + (dy * bmass)
      b.vz = b.vz + (dz * bmass)
    end
    a.vx, a.vy, a.vz = vx, vy, vz
    a.x = ax + dt * vx
    a.y = ay + dt * vy
    a.z = az + dt * vz
  end
end
function run()
  local list = bodies()
  for i = 1, 20000 do advance(list, 5, 0.01) end
  return string.format("%0.9f", list[1].x)
end
